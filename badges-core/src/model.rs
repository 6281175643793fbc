//! Open Badges as the documents themselves.
