/** The rooms of src/ and the floors they stand on, once: the picture is drawn from this list, and the house rules hold it. */

export interface Room {
  readonly name: string;
  /** How the paths of its files below src/ begin. */
  readonly starts: readonly string[];
  /** Whom or what it is about, for the picture; at most 32 characters. */
  readonly about: string;
}

export interface Floor {
  readonly level: number;
  readonly rooms: readonly Room[];
}

const folder = (name: string, about: string): Room => ({ name: `${name}/`, starts: [`${name}/`], about });

/** From the roof to the ground. Imports go down only; rooms of one floor do not know each other. */
export const FLOORS: readonly Floor[] = [
  {
    level: 9,
    rooms: [
      {
        name: 'entries',
        starts: ['aws-lambda-authorizer.', 'aws-lambda-edge.', 'index.'],
        about: 'what Lambda and libraries load',
      },
    ],
  },
  { level: 8, rooms: [{ name: 'compose', starts: ['compose'], about: 'wiring, and nothing else' }] },
  {
    level: 7,
    rooms: [
      folder('gateway', 'API Gateway: events, answers'),
      folder('edge', 'CloudFront: events, answers'),
      folder('telemetry', 'operators: log, metrics, spans'),
      folder('shadow', 'a second PDP, never obeyed'),
    ],
  },
  {
    level: 6,
    rooms: [folder('corridor', 'event to outcome, fail-closed'), folder('gate', 'refuses worthless tokens')],
  },
  { level: 5, rooms: [folder('pdp', 'reaching PingOne')] },
  { level: 4, rooms: [folder('credential', 'fetch, keep and read the secret')] },
  { level: 3, rooms: [folder('config', 'variables to typed settings')] },
  { level: 2, rooms: [folder('sideband', "Ping's wire"), folder('lambda', 'what both AWS doors share')] },
  { level: 1, rooms: [folder('domain', 'our own words')] },
];

/** The room of a path below src/; undefined where there is none for it. */
export const roomOf = (path: string): Room | undefined =>
  FLOORS.flatMap(floor => floor.rooms).find(({ starts }) => starts.some(start => path.startsWith(start)));

/** The floor of a path below src/; undefined where it has no room. */
export const levelOf = (path: string): number | undefined => {
  const room = roomOf(path);
  return FLOORS.find(({ rooms }) => room !== undefined && rooms.includes(room))?.level;
};
