import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAlice, asBob, makeWorkplace, type Workplace } from '../testing/workplace.ts';

const id = '9a3c1b52-7d64-4f0e-b1c8-3e5f7a9d2c41';

describe('sealwright templates', () => {
  let place: Workplace;
  beforeAll(async () => {
    place = await makeWorkplace();
  });
  afterAll(() => place.remove());

  const add = (name: string, ...more: string[]) =>
    place.type(['templates', 'add', '--name', name, '--grant', 'contoso.com=Reviewer', ...more, '--json']);

  it('adds a template under the id that was asked for, and says every documented field', async () => {
    const done = await add('Staff only', '--id', id, '--description', 'Everyone here', '--valid-days', '30');
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    const [line = {}] = done.json();
    expect(Object.keys(line)).toEqual([
      'id',
      'name',
      'description',
      'names',
      'state',
      'grants',
      'expiration',
      'offlineDays',
      'referrer',
      'scope',
      'updatedAt',
    ]);
    expect(line).toMatchObject({
      id,
      name: 'Staff only',
      description: 'Everyone here',
      state: 'published',
      expiration: { kind: 'after', days: 30 },
      offlineDays: -1,
      referrer: null,
    });
  });

  it('protects with a template by id or by name, and a change of it holds at the next opening', async () => {
    const [{ id: made } = {}] = (await add('By name')).json();
    for (const [index, choice] of ['by NAME', String(made), `{${String(made)}}`].entries()) {
      const file = place.write(`file-${index}.txt`, 'content');
      expect((await place.type(['protect', file, ...asAlice, '--template', choice])).exitCode).toBe(0);
    }
    const open = [
      'open',
      place.path('file-0.ptxt'),
      ...asBob,
      '--out',
      place.path('out'),
      '--overwrite',
      '--json',
    ];
    expect((await place.type(open)).json()[0]).toMatchObject({ templateId: made });
    const update = ['templates', 'update', String(made), '--grant', 'bob@contoso.com=VIEW', '--json'];
    expect((await place.type(update)).json()[0]).toMatchObject({ id: made, name: 'By name' });
    expect((await place.type(open)).json()[0]).toMatchObject({ rights: ['VIEW'] });
  });

  it('lists and shows templates', async () => {
    const list = await place.type(['templates', 'list']);
    expect(list.stdout).toMatch(new RegExp(`${id} {2}published {2}Staff only`));
    const json = await place.type(['templates', 'list', '--json']);
    expect(json.json().map((line) => line.name)).toContain('Staff only');
    const show = await place.type(['templates', 'show', id]);
    expect(show.stdout).toContain('30 days after protecting');
  });

  it('archives, publishes and deletes', async () => {
    const [{ id: made } = {}] = (await add('Short-lived')).json();
    const template = String(made);
    const file = place.write('short.txt', 'content');
    const protect = ['protect', file, ...asAlice, '--template', template, '--overwrite'];
    expect((await place.type(protect)).exitCode).toBe(0);
    expect((await place.type(['templates', 'archive', template, '--json'])).json()[0]).toMatchObject({
      state: 'archived',
      deleted: false,
    });
    expect((await place.type(protect)).exitCode).toBe(2);
    expect((await place.type(['templates', 'publish', template])).stdout).toContain('Published Short-lived');
    expect((await place.type(protect)).exitCode).toBe(0);
    expect((await place.type(['templates', 'delete', template])).exitCode).toBe(0);
    expect((await place.type(['templates', 'show', template])).exitCode).toBe(2);
    const opened = await place.type([
      'open',
      place.path('short.ptxt'),
      ...asBob,
      '--out',
      place.path('short'),
    ]);
    expect(opened.exitCode).toBe(3);
  });

  it('exports a template and takes it in again, archived', async () => {
    const [{ id: made } = {}] = (await add('Traveler')).json();
    const file = place.path('traveler.xml');
    const exported = await place.type(['templates', 'export', String(made), '--to', file, '--json']);
    expect(exported.json()[0]).toMatchObject({ id: made, output: file });
    expect((await place.type(['templates', 'export', String(made), '--to', file])).exitCode).toBe(6);
    await place.type(['templates', 'delete', String(made)]);
    const imported = await place.type(['templates', 'import', file, '--json']);
    expect(imported.json()[0]).toMatchObject({ id: made, name: 'Traveler', state: 'archived' });
    const garbage = await place.type(['templates', 'import', place.write('garbage.xml', '<x/>')]);
    expect(garbage.exitCode).toBe(4);
  });

  it.each([
    ['no name', ['--grant', 'contoso.com=Reviewer'], /--name/],
    ['no grant', ['--name', 'x'], /--grant/],
    [
      'two ends',
      ['--name', 'x', '--grant', 'a.com=VIEW', '--valid-days', '1', '--valid-until', '+1d'],
      /exclude/,
    ],
    ['an id that is none', ['--name', 'x', '--grant', 'a.com=VIEW', '--id', '7'], /GUID/],
    ['an id that is taken', ['--name', 'x', '--grant', 'a.com=VIEW', '--id', id], /already/],
  ])('refuses a template with %s', async (_, options, message) => {
    const done = await place.type(['templates', 'add', ...options]);
    expect(done).toMatchObject({ exitCode: 2, stdout: '' });
    expect(done.stderr).toMatch(message);
  });
});
