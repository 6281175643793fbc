// panva's jose: signs {payload, header, jwk} or verifies {token, jwk}; the payload comes back.
import * as jose from 'jose';
import {answerLines} from './documents.mjs';

await answerLines(async ({payload, header, token, jwk}) => {
  const algorithm = jwk.kty === 'OKP' ? 'EdDSA' : 'ES256';
  const key = await jose.importJWK(jwk, algorithm);
  if(token) {
    const verified = await jose.jwtVerify(token, key, {algorithms: [algorithm]});
    return {verified: true, payload: verified.payload, header: verified.protectedHeader};
  }
  return {token: await new jose.SignJWT(payload).setProtectedHeader({alg: algorithm, ...header}).sign(key)};
});
