//! The vectors of the Data Integrity suites, at every step from the document to its signature.

use std::{collections::BTreeSet, fs, path::Path};

use badges_core::{
    did::key_in_did_url,
    json::{Json, Limits, Object, read},
    jsonld::{Budget, Contexts, HashAlgorithm, JsonLdError},
    key::{KeyKind, LocalSigner, PublicKey, SecretKey},
    proof::integrity::{self, Document, IntegrityError, Proof, ProofOptions, Suite as Cryptosuite},
};
use sha2::{Digest as _, Sha256, Sha384};

use crate::{
    bytes::{hex, to_hex},
    vectors::Suite,
};

/// A context that the vectors name and that is not to be had.
const CITIZENSHIP: &str = "https://w3id.org/citizenship/v4rc1";
const CREDENTIALS: &str = "https://www.w3.org/ns/credentials/v2";

#[test]
fn the_eddsa_suites_give_the_bytes_of_the_w3c() {
    let Some(mut suite) = Suite::open("w3c-vc-di-eddsa", "w3c-vc-di-eddsa") else { return };
    let contexts = contexts_of_examples();
    let text = suite.json("keyPair.json")["privateKeyMultibase"].as_str().unwrap().to_owned();
    let secret = || SecretKey::from_multikey(&text).ok();

    for (folder, stem) in
        [("eddsa-rdfc-2022", "DataInt"), ("eddsa-jcs-2022", "JCS"), ("Ed25519Signature2020", "EdSig")]
    {
        check_steps(&mut suite, &Steps { folder, stem, secret: secret(), contexts: &contexts });
    }
    check_steps_without_context(&mut suite, "eddsa-rdfc-2022/employ", "DataInt", &contexts);
    suite.finish();
}

#[test]
fn the_ecdsa_suites_give_the_bytes_of_the_w3c() {
    let Some(mut suite) = Suite::open("w3c-vc-di-ecdsa", "w3c-vc-di-ecdsa") else { return };
    let contexts = contexts_of_examples();
    let text = suite.json("p256KeyPair.json")["secretKeyMultibase"].as_str().unwrap().to_owned();
    let secret = || SecretKey::from_multikey(&text).ok();

    for (folder, stem, secret) in [
        ("ecdsa-rdfc-2019-p256", "ECDSAP256", secret()),
        ("ecdsa-rdfc-2019-p384", "ECDSAP384", None),
        ("ecdsa-jcs-2019-p256", "JCSECDSAP256", secret()),
        ("ecdsa-jcs-2019-p384", "JCSECDSAP384", None),
    ] {
        check_steps(&mut suite, &Steps { folder, stem, secret, contexts: &contexts });
    }
    check_steps_without_context(&mut suite, "ecdsa-rdfc-2019-p256/employ", "ECDSAP256", &contexts);
    check_steps_without_context(&mut suite, "ecdsa-rdfc-2019-p384/employ", "ECDSAP384", &contexts);
    suite.finish();
}

#[test]
fn proofs_in_sets_and_chains_hold() {
    let Some(mut suite) = Suite::open("w3c-proof-set-chain", "w3c-vc-di-eddsa/proof-set-chain") else {
        return;
    };
    let contexts = contexts_of_examples();

    for file in ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"] {
        let text = suite.read(format!("{file}.json"));
        let tree = tree(&text);
        let budget = Budget::default();
        let document = Document::new(&tree, &contexts, &budget);
        for (at, proof) in tree.get("proof").unwrap().one_or_many().iter().enumerate() {
            let proof = Proof::parse(proof.as_object().unwrap()).unwrap();
            let key = key_in_did_url(proof.verification_method).unwrap().unwrap().key;
            let outcome = integrity::verify(&document, &proof, &key).map_err(|error| error.to_string());
            suite.check(&format!("{file}: proof {at}"), outcome);
        }
    }
    // The first of a set signs the plain document, the others of the chain what stands before them.
    for (document, config, pair) in [
        ("unsigned", "proofSetConfig1", 1),
        ("unsigned", "proofSetConfig2", 2),
        ("proofChainTempDoc1", "proofChainConfig1", 3),
        ("proofChainTempDoc2", "proofChainConfig2", 4),
    ] {
        let keys = suite.json("multiKeyPairs.json");
        let secret = keys[format!("keyPair{pair}")]["privateKeyMultibase"].as_str().unwrap().to_owned();
        let outcome = sign_by_hand(&suite, &contexts, document, config, &secret);
        suite.check(config, outcome);
    }
    suite.finish();
}

/// Signs as the vectors do: `integrity::sign` gives its proofs no `id` and chains none.
fn sign_by_hand(
    suite: &Suite,
    contexts: &Contexts,
    document: &str,
    config: &str,
    secret: &str,
) -> Result<(), String> {
    let signed = config.replace("Config", "ConfigSigned");
    let (document, config) = (suite.read(format!("{document}.json")), suite.read(format!("{config}.json")));
    let (document, config) = (tree(&document), tree(&config));
    let cryptosuite = Cryptosuite::of(&config)?;
    let data = Document::new(&document, contexts, &Budget::default()).hash_data(
        &config,
        cryptosuite,
        KeyKind::Ed25519,
    );
    let data = data.map_err(|error| error.to_string())?;
    let signature = SecretKey::from_multikey(secret).unwrap().sign(data.bytes());
    let value = format!("z{}", bs58::encode(signature).into_string());
    same(&value, suite.json(format!("{signed}.json"))["proofValue"].as_str().unwrap_or_default())
}

#[test]
fn a_chain_does_not_hold_without_what_stands_before() {
    let Some(mut suite) = Suite::open("w3c-broken-chain", "w3c-vc-di-eddsa/proof-set-chain") else { return };
    let contexts = contexts_of_examples();
    let text = suite.read("signedProofChain2.json");

    for (case, gone) in [("without the first", 0), ("without the second", 1), ("without the third", 2)] {
        let mut tree = tree(&text);
        let Some(Json::Array(mut proofs)) = tree.remove("proof") else { panic!() };
        proofs.remove(gone);
        let last = if gone == 2 { 2 } else { 1 };
        tree.set("proof", Json::Array(proofs.clone()));
        let proof = Proof::parse(proofs[last].as_object().unwrap()).unwrap();
        let key = key_in_did_url(proof.verification_method).unwrap().unwrap().key;
        let answer = integrity::verify(&Document::new(&tree, &contexts, &Budget::default()), &proof, &key);
        let expected = matches!(answer, Err(IntegrityError::PreviousProof(_)));
        suite.check(case, expected.then_some(()).ok_or(format!("{answer:?}")));
    }
    suite.finish();
}

#[test]
fn selective_disclosure_is_unsupported_by_name() {
    let Some(mut suite) = Suite::open("w3c-ecdsa-sd", "w3c-vc-di-ecdsa/ecdsa-sd-2023") else { return };

    for folder in ["prc", "employ"] {
        for file in ["addProofConfig.json", "addSignedSDBase.json", "derivedRevealDocument.json"] {
            let text = suite.read(format!("{folder}/{file}"));
            let tree = tree(&text);
            let proof = tree.get("proof").and_then(Json::as_object).unwrap_or(&tree);
            let answer = Proof::parse(proof);
            let named = matches!(&answer, Err(IntegrityError::Unsupported(name)) if name == "ecdsa-sd-2023");
            suite.check(&format!("{folder}/{file}"), named.then_some(()).ok_or(format!("{answer:?}")));
        }
    }
    suite.finish();
}

#[test]
fn the_vectors_of_open_badges_come_out() {
    let Some(mut suite) = Suite::open("1edtech-linked-data-proofs", "1edtech-ob30-spec") else { return };
    let contexts = Contexts::new();

    for (name, folder, hashes) in
        [("ob", "obv3p0", Some(("87f65a76", "0773", "d34009ce", "5d19"))), ("clr", "clrv2p0", None)]
    {
        let text = suite.read(format!("examples/linked-data-proof-{name}--signed-credential.json"));
        let tree = tree(&text);
        let proof = &tree.get("proof").unwrap().one_or_many()[0];
        let proof = Proof::parse(proof.as_object().unwrap()).unwrap();
        let (_, fragment) = proof.verification_method.split_once('#').unwrap();
        let key = PublicKey::from_multikey(fragment).unwrap();
        let budget = Budget::default();
        let document = Document::new(&tree, &contexts, &budget);
        let data = document.hash_data(proof.object, proof.suite, key.kind()).unwrap();
        let (document_hash, proof_hash) = (to_hex(data.document_hash()), to_hex(data.proof_hash()));
        let read = |file: &str| suite.text(format!("linked-data-proof-vectors/{folder}/{file}"));
        let outcomes = [
            ("document", same(data.canonical_document.trim(), read("document-canon.txt").trim())),
            ("proof", same(data.canonical_proof.trim(), read("proof-canon.txt").trim())),
            ("signature", integrity::verify(&document, &proof, &key).map_err(|error| error.to_string())),
        ];
        for (step, outcome) in outcomes {
            suite.check(&format!("{name}: {step}"), outcome);
        }
        if let Some((begin, end, proof_begin, proof_end)) = hashes {
            let good = document_hash.starts_with(begin)
                && document_hash.ends_with(end)
                && proof_hash.starts_with(proof_begin)
                && proof_hash.ends_with(proof_end);
            suite.check(&format!("{name}: hashes"), good.then_some(()).ok_or(document_hash + &proof_hash));
        }
    }
    suite.finish();
}

/// One folder with all steps of one signature.
struct Steps<'c> {
    folder: &'c str,
    /// How its files end.
    stem: &'c str,
    /// The key that made the signature, if we can sign with keys of its kind.
    secret: Option<SecretKey>,
    contexts: &'c Contexts,
}

fn check_steps(suite: &mut Suite, steps: &Steps<'_>) {
    let Steps { folder, stem, .. } = steps;
    let file = |name: &str, ending: &str| format!("{folder}/{name}{stem}.{ending}");
    let (text, config) = (suite.read(file("signed", "json")), suite.read(file("proofConfig", "json")));
    let (document, config) = (tree(&text), tree(&config));
    let proof = Proof::parse(document.get("proof").unwrap().as_object().unwrap()).unwrap();
    let key = key_in_did_url(proof.verification_method).unwrap().unwrap().key;
    let budget = Budget::default();
    let secured = Document::new(&document, steps.contexts, &budget);
    let data = secured.hash_data(&config, proof.suite, key.kind()).unwrap();

    let expected = |name: &str| suite.text(file(name, "txt"));
    let outcomes = [
        ("canonDoc", same(&data.canonical_document, &expected("canonDoc"))),
        ("docHash", same(&to_hex(data.document_hash()), &expected("docHash"))),
        ("proofCanon", same(&data.canonical_proof, &expected("proofCanon"))),
        ("proofHash", same(&to_hex(data.proof_hash()), &expected("proofHash"))),
        ("combinedHash", same(&to_hex(data.bytes()), &expected("combinedHash"))),
        ("sigHex", same(&to_hex(&proof.value), &expected("sigHex"))),
        ("sigBTC58", same(proof.object.text("proofValue").unwrap(), &expected("sigBTC58"))),
    ];
    for (name, outcome) in outcomes {
        suite.check(&file(name, "txt"), outcome);
    }
    let again = secured.hash_data(proof.object, proof.suite, key.kind()).unwrap();
    // The proof in the document of a suite over RDF has no context of its own: the document's is meant.
    suite.check(&file("proofConfig", "json"), same(&again.canonical_proof, &data.canonical_proof));
    let holds = integrity::verify(&secured, &proof, &key).map_err(|error| error.to_string());
    suite.check(&file("signed", "json"), holds);
    suite.check(&format!("{folder}: of unsigned.json"), unsigned_is_the_same(suite, &document));
    let changed = changed_is_refused(&document, &proof, &key, steps.contexts);
    suite.check(&format!("{folder}: changed"), changed);
    if let Some(secret) = &steps.secret {
        suite
            .check(&format!("{folder}: signed again"), sign_again(&document, &proof, secret, steps.contexts));
    }
    every_file_was_checked(suite, folder, stem);
}

/// Every suite signs the same document; one of them adds its context.
fn unsigned_is_the_same(suite: &Suite, document: &Object<'_>) -> Result<(), String> {
    let mut unsigned = document.clone();
    unsigned.remove("proof");
    let text = suite.read("unsigned.json");
    let mut original = tree(&text);
    if unsigned.get("@context") != original.get("@context") {
        original.set("@context", unsigned.get("@context").unwrap().clone());
    }
    (unsigned == original).then_some(()).ok_or_else(|| "another document".to_owned())
}

fn changed_is_refused(
    document: &Object<'_>,
    proof: &Proof<'_, '_>,
    key: &PublicKey,
    contexts: &Contexts,
) -> Result<(), String> {
    let mut changed = document.clone();
    changed.set("name", Json::String("Another Credential".into()));
    let answer = integrity::verify(&Document::new(&changed, contexts, &Budget::default()), proof, key);
    matches!(answer, Err(IntegrityError::Signature)).then_some(()).ok_or(format!("{answer:?}"))
}

/// Ed25519 and ECDSA by RFC 6979 have one signature for one message, so ours is that of the vector.
fn sign_again(
    document: &Object<'_>,
    proof: &Proof<'_, '_>,
    secret: &SecretKey,
    contexts: &Contexts,
) -> Result<(), String> {
    let mut unsigned = document.clone();
    unsigned.remove("proof");
    let secret = SecretKey::from_jwk(&read(secret.to_jwk().as_bytes(), &Limits::default()).unwrap()).unwrap();
    let signer = LocalSigner::new(secret, proof.verification_method);
    let created = proof.object.text("created").map(|text| text.parse().unwrap());
    let options = ProofOptions { created, suite: proof.suite };
    let ours = integrity::sign(&unsigned, &options, &signer, contexts).map_err(|error| error.to_string())?;
    let ours = tree(ours.as_bytes()).into_owned();
    let members = |object: &Object<'_>| {
        let all = object.iter().map(|(name, value)| format!("{name}: {value:?}"));
        all.collect::<BTreeSet<_>>()
    };
    let (ours, theirs) = (members(&ours), members(proof.object));
    (ours == theirs).then_some(()).ok_or(format!("{ours:?}"))
}

/// Where the context is not to be had, the document has no canonical form; the steps after it still hold.
fn check_steps_without_context(suite: &mut Suite, folder: &str, stem: &str, contexts: &Contexts) {
    let file = |name: &str, ending: &str| format!("{folder}/{name}{stem}.{ending}");
    let (text, config) = (suite.read(file("signed", "json")), suite.read(file("proofConfig", "json")));
    let (document, config) = (tree(&text), tree(&config));
    let proof = Proof::parse(document.get("proof").unwrap().as_object().unwrap()).unwrap();
    let key = key_in_did_url(proof.verification_method).unwrap().unwrap().key;
    let unknown = |answer: Result<_, IntegrityError>| match answer {
        Err(IntegrityError::JsonLd(JsonLdError::ContextUnknown { url, .. })) if url == CITIZENSHIP => Ok(()),
        Err(other) => Err(other.to_string()),
        Ok(()) => Err("a context that nobody knows".to_owned()),
    };
    let budget = Budget::default();
    let secured = Document::new(&document, contexts, &budget);
    let hashed = secured.hash_data(&config, proof.suite, key.kind()).map(drop);
    // The members of the proof are terms of the one context that is known.
    let context = Json::String(CREDENTIALS.into());
    let algorithm = match key.kind() {
        KeyKind::P384 => HashAlgorithm::Sha384,
        _ => HashAlgorithm::Sha256,
    };
    let canonical =
        contexts.canonicalize_with(algorithm, &config, &[], &context, &Budget::default()).unwrap();
    let hash = |text: &str| match key.kind() {
        KeyKind::P384 => to_hex(&Sha384::digest(text)),
        _ => to_hex(&Sha256::digest(text)),
    };

    let expected = |name: &str| suite.text(file(name, "txt"));
    let (proof_hash, document_hash) = (expected("proofHash"), expected("docHash"));
    let combined = expected("combinedHash");
    let signed = key.verify(&hex(combined.trim()), &proof.value).map_err(|error| error.to_string());
    let outcomes = [
        ("canonDoc", "txt", unknown(hashed)),
        ("docHash", "txt", same(&hash(&expected("canonDoc")), &document_hash)),
        ("proofCanon", "txt", same(&canonical, &expected("proofCanon"))),
        ("proofHash", "txt", same(&hash(&canonical), &proof_hash)),
        ("combinedHash", "txt", same(&(proof_hash.trim().to_owned() + &document_hash), &combined)),
        ("sigHex", "txt", signed.and_then(|()| same(&to_hex(&proof.value), &expected("sigHex")))),
        ("sigBTC58", "txt", same(proof.object.text("proofValue").unwrap(), &expected("sigBTC58"))),
        ("proofConfig", "json", same(config.text("cryptosuite").unwrap(), proof.suite.name())),
        ("signed", "json", unknown(integrity::verify(&secured, &proof, &key))),
    ];
    for (name, ending, outcome) in outcomes {
        suite.check(&file(name, ending), outcome);
    }
    every_file_was_checked(suite, folder, stem);
}

fn every_file_was_checked(suite: &Suite, folder: &str, stem: &str) {
    const STEPS: [&str; 9] = [
        "canonDoc",
        "combinedHash",
        "docHash",
        "proofCanon",
        "proofConfig",
        "proofHash",
        "sigBTC58",
        "sigHex",
        "signed",
    ];
    let names = fs::read_dir(suite.folder.join(folder)).unwrap();
    let names = names.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    for path in names {
        let name = Path::new(&path).file_stem().unwrap().to_str().unwrap().to_owned();
        let step = name.strip_suffix(stem).unwrap_or_default();
        assert!(STEPS.contains(&step), "{folder}/{name} is no step that is checked");
    }
}

/// The contexts with that of the examples, which only tests may know: it gives every name a meaning.
fn contexts_of_examples() -> Contexts {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors/contexts");
    let bytes = fs::read(root.join("w3c-credentials-examples-v2.jsonld")).unwrap();
    let mut contexts = Contexts::new();
    let sha256 = Sha256::digest(&bytes).into();
    contexts.register("https://www.w3.org/ns/credentials/examples/v2", &bytes, &sha256).unwrap();
    contexts
}

fn tree(text: &[u8]) -> Object<'_> {
    match read(text, &Limits::default()) {
        Ok(Json::Object(object)) => object,
        other => panic!("{other:?}"),
    }
}

fn same(actual: &str, expected: &str) -> Result<(), String> {
    if actual == expected { Ok(()) } else { Err(format!("{actual:?}, not {expected:?}")) }
}
