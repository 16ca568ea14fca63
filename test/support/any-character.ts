/** Characters for property tests: any code point, halves of a surrogate pair included. */
import fc from 'fast-check';

/** fast-check's own unit `binary` takes seconds to build in each process. */
export const anyCharacter: fc.Arbitrary<string> = fc.nat(0x10_ffff).map(code => String.fromCodePoint(code));
