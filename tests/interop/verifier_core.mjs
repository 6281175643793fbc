// The Digital Credentials Consortium's verifier: its verdict on {credential}; its fetches get our files or nothing.
import fs from 'node:fs';
import {answerLines, documentLoader} from './documents.mjs';

const schemas = process.env.BADGES_SCHEMAS;
globalThis.fetch = async request => {
  const url = String(request.url ?? request);
  const file = `${schemas}/${url.split('/').pop()}`;
  const body = url.includes('/schema/') && fs.existsSync(file) ?
    JSON.parse(fs.readFileSync(file, 'utf8')) :
    (await documentLoader(url)).document;
  return new Response(JSON.stringify(body), {headers: {'content-type': 'application/json'}});
};
const {verifyCredential} = await import('@digitalcredentials/verifier-core');

await answerLines(async ({credential}) => {
  const {log, errors, additionalInformation} = await verifyCredential({credential, knownDIDRegistries: []});
  const valid = step => log?.find(({id}) => id === step)?.valid ?? null;
  return {
    signature: valid('valid_signature'),
    expiration: valid('expiration'),
    schema: additionalInformation?.[0]?.results?.[0]?.result ?? null,
    errors: errors?.map(({name, message}) => `${name}: ${message}`) ?? []
  };
});
