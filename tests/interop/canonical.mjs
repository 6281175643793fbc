// jsonld.js in safe mode with rdf-canonize 5: the canonical N-Quads of {document}, or its error.
import jsonld from 'jsonld';
import * as rdfCanonize from 'rdf-canonize';
import {answerLines, documentLoader} from './documents.mjs';

await answerLines(async ({document}) => {
  const dataset = await jsonld.toRDF(document, {documentLoader, safe: true, produceGeneralizedRdf: false});
  const canonical = await rdfCanonize.canonize(dataset, {algorithm: 'RDFC-1.0', format: 'application/n-quads'});
  return {canonical};
});
