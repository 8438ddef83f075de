import { hasProgram, runProgram } from '../office/programs.test-support.ts';
import { succeeded } from './processes.test-support.ts';
import { telling } from './telling.test-support.ts';

// PDFs by cairo: embedded font subsets, gradients, transparency, pictures, links, outlines, page labels, in four versions.

const script = `
import cairo, math, sys
folder, word, title, author = sys.argv[1:5]
versions = {'1.4': cairo.PDFVersion.VERSION_1_4, '1.5': cairo.PDFVersion.VERSION_1_5}
def surface(name, version='1.5', w=300, h=200):
    s = cairo.PDFSurface(f'{folder}/{name}.pdf', w, h)
    s.restrict_to_version(versions[version])
    s.set_metadata(cairo.PDFMetadata.TITLE, title)
    s.set_metadata(cairo.PDFMetadata.AUTHOR, author)
    s.set_metadata(cairo.PDFMetadata.KEYWORDS, word)
    return s, cairo.Context(s)
def text(c, what, y=40, size=18):
    c.set_font_size(size); c.move_to(20, y); c.show_text(what)

s, c = surface('cairo-text', '1.4'); text(c, word); s.finish()

s, c = surface('cairo-gradient')
g = cairo.LinearGradient(0, 0, 300, 200); g.add_color_stop_rgb(0, 1, 0, 0); g.add_color_stop_rgba(1, 0, 0, 1, .3)
c.set_source(g); c.paint(); c.set_source_rgba(0, .5, 0, .5); c.arc(150, 100, 60, 0, 2 * math.pi); c.fill(); text(c, word); s.finish()

s, c = surface('cairo-picture')
image = cairo.ImageSurface(cairo.FORMAT_ARGB32, 64, 64); i = cairo.Context(image)
for n in range(64): i.set_source_rgba(n / 64, 1 - n / 64, .5, .2 + n / 80); i.rectangle(n, 0, 1, 64); i.fill()
c.save(); c.scale(3, 2); c.set_source_surface(image, 5, 5); c.paint(); c.restore(); text(c, word, 180); s.finish()

s, c = surface('cairo-pages')
for n in range(6):
    s.set_size(200 + 30 * n, 300 - 20 * n); s.set_page_label(f'{word}-{n}')
    c.tag_begin(cairo.TAG_DEST, f"name='p{n}'"); text(c, f'{word} {n}'); c.tag_end(cairo.TAG_DEST)
    c.tag_begin(cairo.TAG_LINK, f"dest='p{(n + 1) % 6}'"); text(c, 'next', 80); c.tag_end(cairo.TAG_LINK)
    s.add_outline(cairo.PDF_OUTLINE_ROOT, f'{word} {n}', f"page={n + 1} pos=[0 0]", 0)
    c.show_page()
s.finish()

s, c = surface('cairo-tagged')
c.tag_begin('Document', ''); c.tag_begin('H1', ''); text(c, title); c.tag_end('H1')
c.tag_begin('P', ''); text(c, word, 80); c.tag_end('P'); c.tag_end('Document')
c.tag_begin(cairo.TAG_LINK, f"uri='https://{word}.example/'"); text(c, 'link', 120); c.tag_end(cairo.TAG_LINK); s.finish()

s, c = surface('cairo-clip', '1.4')
c.arc(150, 100, 90, 0, 2 * math.pi); c.clip()
for n in range(30): c.set_source_rgb(n / 30, .3, 1 - n / 30); c.move_to(0, n * 7); c.line_to(300, 200 - n * 7); c.set_line_width(1 + n % 4); c.set_dash([n + 1, 3]); c.stroke()
c.set_source_rgb(0, 0, 0); text(c, word, 100); s.finish()

s, c = surface('cairo-empty-page'); c.show_page(); text(c, word); c.show_page(); s.finish()
`;

const names = ['text', 'gradient', 'picture', 'pages', 'tagged', 'clip', 'empty-page'];

const python = '/usr/bin/python3';

/** Whether the Python of the distribution is there with its cairo. */
export const cairoPresent =
  hasProgram(python, '--version') && runProgram(python, ['-c', 'import cairo']).status === 0;

/** @returns names of PDFs in the folder */
export async function madeByCairo(folder: string): Promise<readonly string[]> {
  const { word, title, author } = telling;
  await succeeded([{ program: python, options: ['-c', script, folder, word, title, author] }]);
  return names.map((name) => `cairo-${name}.pdf`);
}
