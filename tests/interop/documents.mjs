// Documents for the judges: pinned contexts, and the controller documents that did:key names stand for. No network.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

const folder = process.env.BADGES_CONTEXTS;
const contexts = new Map(
  JSON.parse(fs.readFileSync(path.join(folder, 'index.json'), 'utf8'))
    .filter(({url}) => url.startsWith('http'))
    .map(({url, file}) => [url, JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'))])
);

export async function documentLoader(url) {
  const document = contexts.get(url) ?? (url.startsWith('did:key:') ? didKey(url) : undefined);
  if(!document) {
    throw new Error(`no document for ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

function didKey(url) {
  const [controller, publicKeyMultibase] = [url.split('#')[0], url.split('#')[0].slice('did:key:'.length)];
  const method = {
    '@context': 'https://w3id.org/security/multikey/v1',
    id: `${controller}#${publicKeyMultibase}`,
    type: 'Multikey',
    controller,
    publicKeyMultibase
  };
  return url.includes('#') ? method : {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: controller,
    verificationMethod: [method],
    assertionMethod: [method.id]
  };
}

// Answers each line of standard input with one line: what `answer` returns, or {error}.
export async function answerLines(answer) {
  for await (const line of readline.createInterface({input: process.stdin, crlfDelay: Infinity})) {
    let result;
    try {
      result = await answer(JSON.parse(line));
    } catch(error) {
      result = {error: [error.name, error.message, ...(error.errors ?? []).map(String)].join(': ')};
    }
    process.stdout.write(JSON.stringify(result) + '\n');
  }
}
