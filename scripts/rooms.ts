/** Draws docs/rooms.svg, the rooms of src/ and the imports between them, from the import statements; `--check` fails when it is stale. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { SOURCES } from '../test/house/source.ts';
import { FLOORS, type Room, roomOf } from './floors.ts';

const PICTURE = new URL('../docs/rooms.svg', import.meta.url);

const [STEP, BOX_WIDTH, BOX_HEIGHT, ROW, LEFT, TOP, CORNER] = [66, 216, 46, 66, 64, 62, 9] as const;
/** Where a room's imports leave its box, from the box's left edge. */
const PORT = 26;

/** Light and dark, as the page that shows it. */
const STYLE = `<style>
.page{fill:#fff}.band.odd{fill:#f6f8fa}.band.even{fill:#eef1f4}
text{font-family:ui-sans-serif,system-ui,sans-serif;fill:#59636e;font-size:12px}
.head{font-size:13px}.level{text-anchor:middle;font-size:15px;font-weight:600;fill:#818b98}
.box{fill:#fff;stroke:#8c959f}.name{font-family:ui-monospace,monospace;font-size:14px;font-weight:700;fill:#1f2328}
.wire{fill:none;stroke:#0969da;stroke-width:1.5}.wire.breach{stroke:#d1242f;stroke-width:2}
.head-down{fill:#0969da}.head-breach{fill:#d1242f}
@media (prefers-color-scheme:dark){
.page{fill:#0d1117}.band.odd{fill:#151b23}.band.even{fill:#1c232d}text{fill:#9198a1}.level{fill:#656c76}
.box{fill:#0d1117;stroke:#656c76}.name{fill:#f0f6fc}.wire{stroke:#4493f8}.wire.breach{stroke:#f85149}.head-down{fill:#4493f8}.head-breach{fill:#f85149}
}
</style>`;

const ARROWHEADS = ['down', 'breach']
  .map(
    kind =>
      `<marker id="${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="head-${kind}" d="M0 0L8 4L0 8Z"/></marker>`,
  )
  .join('\n');

interface Placed {
  readonly room: Room;
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

interface Arrow {
  readonly from: Placed;
  readonly to: Placed;
}

const placed = place();
const arrows = arrowsBetween(placed);
const fresh = picture(placed, arrows);

if (!process.argv.includes('--check')) writeFileSync(PICTURE, fresh);
else if (!existsSync(PICTURE) || readFileSync(PICTURE, 'utf8') !== fresh) {
  console.error('docs/rooms.svg is stale: it shows other imports than src/ has. Run `npm run fix`.');
  process.exit(1);
}

/** One step down and to the right for each room, so that an import goes straight down and then right into its target. */
function place(): readonly Placed[] {
  const homeless = SOURCES.filter(({ path }) => roomOf(path) === undefined).map(({ path }) => path);
  if (homeless.length > 0) throw new Error(`no room in scripts/floors.ts for src/${homeless.join(', src/')}`);
  const rooms = FLOORS.flatMap(({ level, rooms }) => rooms.map(room => ({ room, level })));
  return rooms.map(({ room, level }, step) => ({
    room,
    level,
    x: LEFT + step * STEP,
    y: TOP + step * ROW,
  }));
}

/** One arrow from a room to each other room that its files import, types included. */
function arrowsBetween(rooms: readonly Placed[]): readonly Arrow[] {
  const imported = (from: Placed, to: Placed): boolean =>
    from !== to &&
    SOURCES.some(
      ({ path, imports }) =>
        roomOf(path) === from.room && imports.some(({ file }) => file !== undefined && roomOf(file) === to.room),
    );
  return rooms.flatMap(from => rooms.filter(to => imported(from, to)).map(to => ({ from, to })));
}

function picture(rooms: readonly Placed[], arrows: readonly Arrow[]): string {
  const width = LEFT + (rooms.length - 1) * STEP + BOX_WIDTH + 24;
  const height = TOP + rooms.length * ROW + 8;
  const title = `The rooms of src/: ${rooms.length} rooms on ${FLOORS.length} floors, ${arrows.length} arrows`;
  const breaches = arrows.filter(arrow => !goesDown(arrow));
  const legend = breaches.length === 0 ? '' : ' Red arrows break that rule.';
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${title}</title>`,
    STYLE,
    ARROWHEADS,
    `<rect class="page" width="${width}" height="${height}" rx="10"/>`,
    `<text class="head" x="${LEFT - 40}" y="34">An arrow goes down from a room and then right into the room that it imports.${legend}</text>`,
    ...FLOORS.flatMap(({ level }) => band(level, rooms, width)),
    // The red ones last, so that no other arrow hides them.
    ...[...arrows.filter(goesDown), ...breaches].map(wire),
    ...rooms.flatMap(box),
    '</svg>',
  ].join('\n')}\n`;
}

function band(level: number, rooms: readonly Placed[], width: number): readonly string[] {
  const own = rooms.filter(room => room.level === level);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return [];
  const height = last.y - first.y + ROW;
  const y = first.y - (ROW - BOX_HEIGHT) / 2;
  return [
    `<rect class="band ${level % 2 === 0 ? 'even' : 'odd'}" x="12" y="${y}" width="${width - 24}" height="${height}"/>`,
    `<text class="level" x="32" y="${y + height / 2 + 5}">${level}</text>`,
  ];
}

function goesDown({ from, to }: Arrow): boolean {
  return from.level > to.level;
}

/** Down from the left of a box and right into the target's; what goes up leaves from the right of the box, clear of those between. */
function wire(arrow: Arrow): string {
  const { from, to } = arrow;
  const y = to.y + BOX_HEIGHT / 2;
  if (to.y > from.y) {
    const x = from.x + PORT;
    return path(arrow, `M${x} ${from.y + BOX_HEIGHT}V${y - CORNER}Q${x} ${y} ${x + CORNER} ${y}H${to.x - 2}`);
  }
  const x = from.x + BOX_WIDTH - PORT;
  return path(arrow, `M${x} ${from.y}V${y + CORNER}Q${x} ${y} ${x - CORNER} ${y}H${to.x + BOX_WIDTH + 2}`);
}

function path(arrow: Arrow, line: string): string {
  const [kind, head] = goesDown(arrow) ? ['wire', 'down'] : ['wire breach', 'breach'];
  return `<path class="${kind}" marker-end="url(#${head})" d="${line}"/>`;
}

function box({ room, x, y }: Placed): readonly string[] {
  return [
    `<rect class="box" x="${x}" y="${y}" width="${BOX_WIDTH}" height="${BOX_HEIGHT}" rx="6"/>`,
    `<text class="name" x="${x + 12}" y="${y + 19}">${room.name}</text>`,
    `<text class="about" x="${x + 12}" y="${y + 36}">${room.about}</text>`,
  ];
}
