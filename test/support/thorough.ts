/** How much of what takes long is tested: all of it in CI, and elsewhere what leaves a developer the patience to wait for it. */

/** GitHub, GitLab and the other forges set `CI`, and so does `.ci/run`. */
export const THOROUGH = (process.env['CI'] ?? '') !== '';
