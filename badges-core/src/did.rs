//! Names of issuers and the documents that say which keys are theirs.
