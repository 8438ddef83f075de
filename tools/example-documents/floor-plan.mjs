import { zlibSync } from 'fflate';
import { drawText, textWidth } from './pixel-font.mjs';

const width = 640;
const height = 480;
/** Pixels of one meter. */
const meter = 40;

const palette = {
  paper: [250, 249, 245],
  wall: [38, 44, 56],
  text: [38, 44, 56],
  faint: [222, 219, 209],
  office: [226, 236, 247],
  meeting: [253, 236, 208],
  service: [226, 240, 226],
  hall: [255, 255, 255],
  door: [176, 82, 52],
  window: [94, 158, 214],
};
const colors = Object.keys(palette);

/** Rooms in meters from the corner of the building: left, top, width, height. */
const rooms = [
  { name: 'OFFICE 1', area: [0, 0, 4, 3.5], color: 'office' },
  { name: 'OFFICE 2', area: [4, 0, 4, 3.5], color: 'office' },
  { name: 'OFFICE 3', area: [8, 0, 5, 3.5], color: 'office' },
  { name: 'HALL', area: [0, 3.5, 13, 1.5], color: 'hall' },
  { name: 'MEETING ROOM', area: [0, 5, 6, 4], color: 'meeting' },
  { name: 'KITCHEN', area: [6, 5, 3, 4], color: 'service' },
  { name: 'SERVER', area: [9, 5, 1.75, 4], color: 'service' },
  { name: 'STAIRS', area: [10.75, 5, 2.25, 4], color: 'hall' },
];
/** Gaps in walls, in meters: left, top, width, height. */
const doors = [
  [2.8, 3.5, 0.9, 0],
  [6.8, 3.5, 0.9, 0],
  [9, 3.5, 0.9, 0],
  [4.6, 5, 1.2, 0],
  [6.6, 5, 0.9, 0],
  [9.4, 5, 0.9, 0],
  [11.4, 5, 1, 0],
];
const windows = [
  [0.8, 0, 2.4, 0],
  [4.8, 0, 2.4, 0],
  [9, 0, 3, 0],
  [0, 6, 0, 2],
  [1.5, 9, 3, 0],
  [6.8, 9, 1.4, 0],
];
const origin = { x: 60, y: 62 };

function draw() {
  const pixels = new Uint8Array(width * height).fill(colors.indexOf('paper'));
  const fill = (x, y, w, h, color) => {
    for (let row = y; row < y + h; row += 1)
      pixels.fill(colors.indexOf(color), row * width + x, row * width + x + w);
  };
  const px = ([x, y, w, h]) =>
    [origin.x + x * meter, origin.y + y * meter, w * meter, h * meter].map(Math.round);
  const write = (text, x, y, scale, color = 'text') =>
    drawText(text, (dx, dy) => fill(x + dx * scale, y + dy * scale, scale, scale, color));
  const frame = ([x, y, w, h], thickness, color) => {
    const half = thickness / 2;
    fill(x - half, y - half, w + thickness, thickness, color);
    fill(x - half, y + h - half, w + thickness, thickness, color);
    fill(x - half, y - half, thickness, h + thickness, color);
    fill(x + w - half, y - half, thickness, h + thickness, color);
  };
  const opening = (area, thickness, color) => {
    const [x, y, w, h] = px(area);
    fill(x - (w ? 0 : thickness / 2), y - (h ? 0 : thickness / 2), w || thickness, h || thickness, color);
  };

  for (let x = 20; x < width; x += 20) fill(x, 0, 1, height, 'faint');
  for (let y = 20; y < height; y += 20) fill(0, y, width, 1, 'faint');
  for (const { area, color } of rooms) fill(...px(area), color);
  const [left, top, w, h] = px([10.75, 5, 2.25, 4]);
  for (let step = 70; step < h; step += 12) fill(left, top + step, w, 1, 'wall');
  for (const { area } of rooms) frame(px(area), 4, 'wall');
  frame(px([0, 0, 13, 9]), 8, 'wall');
  for (const door of doors) opening(door, 4, 'hall');
  for (const door of doors) opening(door, 2, 'door');
  for (const pane of windows) opening(pane, 8, 'hall');
  for (const pane of windows) opening(pane, 4, 'window');

  for (const { name, area } of rooms) {
    const [x, y, roomWidth, roomHeight] = px(area);
    const scale = textWidth(name) * 2 < roomWidth - 12 ? 2 : 1;
    const size = `${(area[2] * area[3]).toFixed(1)} M2`;
    const middle = name === 'STAIRS' ? y + 22 : Math.round(y + roomHeight / 2) - 12;
    write(name, Math.round(x + (roomWidth - textWidth(name) * scale) / 2), middle, scale);
    write(size, Math.round(x + (roomWidth - textWidth(size)) / 2), middle + 20, 1);
  }
  write('HARBOR STREET 14 - SECOND FLOOR', origin.x, 20, 2);
  write('CONFIDENTIAL UNTIL SIGNED', 420, 452, 1, 'door');
  fill(origin.x, 454, 5 * meter, 3, 'wall');
  for (let x = 0; x <= 5; x += 1) fill(origin.x + x * meter - (x === 5 ? 2 : 0), 448, 2, 9, 'wall');
  write('5 M', origin.x + 5 * meter + 10, 450, 1);
  return pixels;
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A chunk of a PNG: length, type, data, checksum over type and data. */
function chunk(type, data) {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), data.length + 8);
  return bytes;
}

/** The floor plan as a PNG with a palette. */
export function floorPlan() {
  const pixels = draw();
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const lines = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Uint8Array.from(Object.values(palette).flat())),
    chunk('IDAT', zlibSync(lines, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}
