/** The answers of AWS Secrets Manager and SSM on the wire: values, error shapes, and faults as data. */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export type SecretStore = 'secretsmanager' | 'ssm';

/** The faults that a call can get instead of a value. */
export type SecretFault =
  | { readonly kind: 'throttled' }
  | { readonly kind: 'serverError'; readonly status?: number }
  | { readonly kind: 'accessDenied' }
  | { readonly kind: 'notFound' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Closes the connection without an answer. */
  | { readonly kind: 'drop' }
  /** HTTP 200 that is no JSON. */
  | { readonly kind: 'garbled' }
  /** Sends the value late. */
  | { readonly kind: 'slow'; readonly ms: number };

/** A stored value: text, or bytes, which only Secrets Manager has. */
export type SecretValue = string | Buffer;

const ACCOUNT = 'us-east-1:123456789012';

/** Secrets Manager's answer to GetSecretValue. */
export const secretAnswer = (name: string, value: SecretValue): unknown => ({
  ARN: `arn:aws:secretsmanager:${ACCOUNT}:secret:${name}-a1B2c3`,
  Name: name,
  VersionId: '11111111-2222-3333-4444-555555555555',
  VersionStages: ['AWSCURRENT'],
  CreatedDate: 1_767_225_600.5,
  ...(typeof value === 'string' ? { SecretString: value } : { SecretBinary: value.toString('base64') }),
});

/** SSM's answer to GetParameter. */
export const parameterAnswer = (name: string, value: SecretValue, decrypted: boolean): unknown => ({
  Parameter: {
    ARN: `arn:aws:ssm:${ACCOUNT}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
    DataType: 'text',
    LastModifiedDate: 1_767_225_600.5,
    Name: name,
    Type: 'SecureString',
    // Without decryption SSM returns the ciphertext, which must never be taken for the value.
    Value: decrypted ? value.toString() : 'AQICAHgCiphertextNotTheValue==',
    Version: 1,
  },
});

/** Answers as JSON 1.1, or with exactly the given text. */
export const answer = (response: ServerResponse, status: number, body: unknown): void => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1', 'x-amzn-RequestId': 'fake-request-id' });
  response.end(text);
};

/** Each store's error for a value that it does not have. */
export const notFound = (store: SecretStore): unknown =>
  store === 'secretsmanager'
    ? { __type: 'ResourceNotFoundException', Message: "Secrets Manager can't find the specified secret." }
    : { __type: 'ParameterNotFound' };

/** Plays a fault. True if the value must still be sent. */
export const suffer = async (fault: SecretFault, store: SecretStore, response: ServerResponse): Promise<boolean> => {
  switch (fault.kind) {
    case 'throttled':
      answer(response, 400, { __type: 'ThrottlingException', message: 'Rate exceeded' });
      return false;
    case 'serverError':
      answer(response, fault.status ?? 500, { __type: 'InternalServerError', message: 'An error occurred' });
      return false;
    case 'accessDenied':
      answer(response, 400, {
        __type: 'AccessDeniedException',
        Message: 'User is not authorized to perform this action',
      });
      return false;
    case 'notFound':
      answer(response, 400, notFound(store));
      return false;
    case 'garbled':
      answer(response, 200, '<html>');
      return false;
    case 'drop':
      response.destroy();
      return false;
    case 'hang':
      return false;
    case 'slow':
      await delay(fault.ms);
      return !response.destroyed;
  }
};
