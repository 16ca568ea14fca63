/** `node proof/mutation/mutate-range.ts ROOM [FILE[:FROM-TO] ...]`: the survivors of a room, of files or of some lines of them, while one writes tests. */
import { mutate } from './mutate.ts';
import { isRoom, ROOMS } from './rooms.ts';

const [room = '', ...files] = process.argv.slice(2);
if (isRoom(room)) {
  const { mutants, killed, survivors } = await mutate(room, files.length > 0 ? files : [`src/${room}/**/*.ts`]);
  for (const { file, line, code, becomes } of survivors) console.log(`${file}:${line}  ${code}  =>  ${becomes}`);
  console.log(`${killed} of ${mutants} killed`);
} else {
  console.error(`The rooms are ${ROOMS.join(', ')}.`);
  process.exitCode = 2;
}
