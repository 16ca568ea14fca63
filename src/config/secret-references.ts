/** Parses the name or ARN of the secret or parameter that holds the gateway credential, by the grammar of its store. */
import { holdsToken } from '../domain/token-shape.ts';
import { type Parser, Problem, refusePlaceholder } from './parsers.ts';

/** A random end of seven characters follows the name. */
const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,519}$/;
const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;

/** A Secrets Manager secret: its name, its ARN, or its ARN without the random end. */
export const secretReference: Parser<string> = text => {
  refuseOthers(text, 'secret');
  if (/^arn:aws[a-z-]*:ssm:/.test(text)) {
    throw new Problem("is an ARN of the other store's: set the variable that ends in _CREDENTIAL_PARAMETER instead");
  }
  if (!(text.startsWith('arn:') ? SECRET_ARN : SECRET_NAME).test(text)) {
    throw new Problem(
      'must be the name of a secret (1 to 512 letters, digits and "/_+=.@-") or its Secrets Manager ARN',
    );
  }
  return text;
};

/** Refuses text that people paste by mistake in the place of a name. */
function refuseOthers(text: string, kind: string): void {
  if (holdsToken(text)) throw new Problem(`holds a token: it must name the ${kind} that holds the credential`);
  if (/^\s*[{["]/.test(text) && text.includes('"')) {
    throw new Problem(`holds JSON: it must name the ${kind} that holds the credential`);
  }
  refusePlaceholder(text);
}

const SELECTOR = String.raw`(?::(?:[1-9]\d*|[A-Za-z_.-][\w.-]{0,99}))?`;

const PARAMETER_ARN = new RegExp(
  String.raw`^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter/[\w./-]{1,1011}${SELECTOR}$`,
);

const PARAMETER_NAME = new RegExp(String.raw`^[\w./-]{1,1011}${SELECTOR}$`);

/** A Parameter Store parameter: its name or its ARN, with or without `:version` or `:label`. */
export const parameterReference: Parser<string> = text => {
  refuseOthers(text, 'parameter');
  if (/^arn:aws[a-z-]*:secretsmanager:/.test(text)) {
    throw new Problem("is an ARN of the other store's: set the variable that ends in _CREDENTIAL_SECRET instead");
  }
  if (!(text.startsWith('arn:') ? PARAMETER_ARN : PARAMETER_NAME).test(text)) {
    throw new Problem('must be the name of a parameter (letters, digits and "/_.-") or its SSM ARN');
  }
  return text;
};
