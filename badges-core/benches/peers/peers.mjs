// CPU of one verification of a file by the JavaScript verifier NAME: documents preloaded, no network, warmed up.
import fs from 'node:fs';
import {documentLoader} from './documents.mjs';

const [, , name, file, seconds] = process.argv;
const text = fs.readFileSync(file, 'utf8');
const BATCH = 25;

const peers = {
  async digitalbazaar() {
    const vc = await import('@digitalbazaar/vc');
    const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
    const {cryptosuite} = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
    return async credential => {
      const suite = new DataIntegrityProof({cryptosuite});
      return (await vc.verifyCredential({credential, suite, documentLoader})).verified;
    };
  },
  async 'verifier-core'() {
    const schemas = process.env.BADGES_SCHEMAS;
    globalThis.fetch = async request => {
      const url = String(request.url ?? request);
      const schema = `${schemas}/${url.split('/').pop()}`;
      const body = url.includes('/schema/') ?
        fs.readFileSync(schema, 'utf8') : JSON.stringify((await documentLoader(url)).document);
      return new Response(body, {headers: {'content-type': 'application/json'}});
    };
    const {verifyCredential} = await import('@digitalcredentials/verifier-core');
    return async credential => {
      const {log} = await verifyCredential({credential, knownDIDRegistries: []});
      return log?.find(({id}) => id === 'valid_signature')?.valid === true;
    };
  }
};

const verify = await peers[name]();
if(await verify(JSON.parse(text.replace('"name":"', '"name":"changed '))).catch(() => false)) {
  throw new Error('takes a changed badge');
}
for(let warm = 0; warm < 4 * BATCH; warm++) {
  if(!await verify(JSON.parse(text))) {
    throw new Error('refuses the badge');
  }
}
const begun = process.cpuUsage();
const batches = [];
do {
  const start = process.cpuUsage();
  for(let at = 0; at < BATCH; at++) {
    await verify(JSON.parse(text));
  }
  const {user, system} = process.cpuUsage(start);
  batches.push((user + system) / BATCH);
} while(process.cpuUsage(begun).user < seconds * 1e6);
batches.sort((a, b) => a - b);
console.log(`${name} ${batches[0].toFixed(0)} ${batches[batches.length >> 1].toFixed(0)}`);
