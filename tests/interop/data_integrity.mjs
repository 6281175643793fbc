// Digital Bazaar's stack: signs {credential, seed} or verifies {credential}, with the cryptosuite {suite}.
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as jcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {answerLines, documentLoader} from './documents.mjs';

const suites = {
  'eddsa-rdfc-2022': {sign: () => rdfc, verify: () => rdfc},
  'eddsa-jcs-2022': {sign: jcs.createSignCryptosuite, verify: jcs.createVerifyCryptosuite}
};

await answerLines(({suite, credential, seed}) => seed ? sign(suite, credential, seed) : verify(suite, credential));

async function sign(suite, credential, seed) {
  const key = await Ed25519Multikey.generate({seed: Buffer.from(seed, 'hex')});
  key.controller = `did:key:${key.publicKeyMultibase}`;
  key.id = `${key.controller}#${key.publicKeyMultibase}`;
  const issuer = {...credential.issuer, id: key.controller};
  const proof = new DataIntegrityProof({signer: key.signer(), cryptosuite: suites[suite].sign()});
  return {credential: await vc.issue({credential: {...credential, issuer}, suite: proof, documentLoader})};
}

async function verify(suite, credential) {
  const proof = new DataIntegrityProof({cryptosuite: suites[suite].verify()});
  // Whether a badge was revoked is asked of others.
  const checkStatus = async () => ({verified: true});
  const {verified, error} = await vc.verifyCredential({credential, suite: proof, documentLoader, checkStatus});
  if(error) {
    throw error;
  }
  return {verified};
}
