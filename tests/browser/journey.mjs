// usage: journey.mjs BASE, with the environment that tests/browser/journey sets.

import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { open } from "./chromium.mjs";

const base = process.argv[2];
const { BADGES, FOLDER, INTEROP, OWNER_LINK, PICTURES } = process.env;
const here = dirname(fileURLToPath(import.meta.url));
const downloads = join(FOLDER, "downloads");
mkdirSync(downloads);
let done = 0;

function claim(text, holds, found = "") {
    if (!holds) throw new Error(`${text}: ${typeof found === "string" ? found.slice(0, 2_000) : JSON.stringify(found)}`);
    done += 1;
}

/// The command's answer to a file.
function verdict(file, ...more) {
    const said = spawnSync(BADGES, ["--json", "verify", ...more, file], { encoding: "utf8" });
    const line = said.stdout.trim().split("\n")[0];
    claim(`the command says something of ${file}`, line, said.stderr);
    return JSON.parse(line);
}

async function visit(browser, steps) {
    await browser.look(1280, "light");
    try {
        await steps();
    } catch (error) {
        writeFileSync(join(PICTURES, "failed.png"), await browser.picture(1280, 2_000));
        console.error(await browser.run("document.body.innerText.slice(0, 3000)"));
        throw error;
    }
}

const staff = await open();
const learner = await open();
const text = (browser) => browser.run("document.body.innerText");
const press = (browser, selector) => browser.loading(() => browser.run(`document.querySelector(${JSON.stringify(selector)}).click()`));
const fill = (browser, fields) => browser.run(`for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
    const field = document.querySelector('main [name="' + name + '"]');
    if (!field) throw new Error("no field " + name);
    field.value = value;
}`);
/// The button with these words in the part that is worked on.
const button = (browser, words) => browser.loading(() => browser.run(`(() => {
    const found = [...document.querySelectorAll("main button")].find((one) => one.textContent.trim() === ${JSON.stringify(words)});
    if (!found) throw new Error("no button " + ${JSON.stringify(words)});
    found.closest("details")?.setAttribute("open", "");
    found.click();
})()`));

/// The same where the page asks once more.
const confirmed = async (browser, words) => {
    await browser.run(`(() => {
        const found = [...document.querySelectorAll("main button")].find((one) => one.textContent.trim() === ${JSON.stringify(words)});
        found.closest("details")?.setAttribute("open", "");
        found.click();
    })()`);
    await browser.loading(() => browser.run(`(() => {
        const dialog = document.querySelector("dialog[open]");
        [...dialog.querySelectorAll("button")].find((one) => one.textContent.trim() === ${JSON.stringify(words)}).click();
    })()`));
};

let award = "";
await visit(staff, async () => {
    await staff.go(OWNER_LINK);
    await press(staff, "main form button");
    claim("the link signs in", (await staff.run("location.pathname")) === "/me", await text(staff));

    await staff.go(`${base}/badges/new`);
    await fill(staff, {
        name: "Rocket Builder", consumer_description: "Built a rocket and flew it.", criteria: "Build a rocket and fly it.",
        caption: "A rocket above the Earth",
    });
    await button(staff, "Save the draft");
    claim("the badge is a draft", (await staff.run("location.pathname")).endsWith("/edit"), await text(staff));
    await fill(staff, { rights_level: "2", rights_over: "/issuers/nowhere" });
    await button(staff, "Save the draft");
    claim("a place that there is not is named beside the field that holds it", await staff.run(`(() => {
        const field = document.querySelector('[name="rights_over"]');
        return field.value === "/issuers/nowhere" && field.getAttribute("aria-invalid") === "true";
    })()`), await text(staff));
    await fill(staff, { rights_level: "", rights_over: "" });
    await button(staff, "Save the draft");
    await confirmed(staff, "Publish this version");
    await staff.go(`${base}/badges`);
    claim("the badge is in the catalogue", (await text(staff)).includes("Rocket Builder"));

    await staff.go(`${base}/award`);
    await fill(staff, { recipients: "Ada Lovelace <ada@example.org>" });
    await button(staff, "Preview");
    claim("the preview names who gets it", (await text(staff)).includes("Ada Lovelace"), await text(staff));
    await button(staff, "Award now");
    await staff.go(`${base}/awards`);
    award = await staff.run(`[...document.querySelectorAll("main a")].map((one) => one.pathname).find((path) => /^\\/awards\\/awd_[a-z0-9]+/.test(path))`);
    claim("the award is in the list", award, await text(staff));
    award = award.match(/awd_[a-z0-9]+/)[0];
});

const files = {};
await visit(learner, async () => {
    const page = `${base}/awards/${award}`;
    await learner.go(page);
    const shown = await text(learner);
    claim("a learner reads who gave what", shown.includes("Rocket Builder") && shown.includes("Hive Chicago"), shown);
    const links = await learner.run(`[...document.querySelectorAll("main a[download]")].map((one) => [one.textContent.trim(), one.href])`);
    claim("each form can be taken away", links.length >= 4, links);
    await learner.ask("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
    for (const [name] of links) {
        const before = readdirSync(downloads);
        await learner.run(`[...document.querySelectorAll("main a[download]")].find((one) => one.textContent.trim() === ${JSON.stringify(name)}).click()`);
        let file;
        for (let tries = 0; !file && tries < 100; tries += 1) {
            await new Promise((waited) => setTimeout(waited, 100));
            file = readdirSync(downloads).find((one) => !before.includes(one) && !one.endsWith(".crdownload") && !one.startsWith("."));
        }
        claim(`${name} is downloaded`, file, readdirSync(downloads));
        files[file.split(".").at(-1)] = join(downloads, file);
    }
    for (const ending of ["json", "jwt", "png", "zip"]) claim(`there is ${ending}`, files[ending], Object.keys(files));

    await learner.go(`${base}/verify?url=${encodeURIComponent(page)}`);
    claim("the verifier of the service calls it genuine", /genuine|valid|holds/i.test(await text(learner)), await text(learner));
});

// The documents that a verifier without a network needs come in the ZIP.
const unpacked = join(FOLDER, "unpacked");
execFileSync("python3", ["-m", "zipfile", "-e", files.zip, unpacked]);
const documents = existsSync(join(unpacked, "index.json")) ? unpacked : join(unpacked, readdirSync(unpacked).find((name) => existsSync(join(unpacked, name, "index.json"))) ?? ".");
for (const ending of Object.keys(files).filter((ending) => ending !== "zip")) {
    const found = verdict(files[ending], "--documents", documents);
    claim(`the command verifies the ${ending}`, found.verdict === "valid", found);
}

const contexts = resolve(here, "../../../shared/vectors/contexts");
if (existsSync(join(INTEROP, "node_modules")) && existsSync(contexts)) {
    for (const name of ["data_integrity.mjs", "documents.mjs"]) copyFileSync(join(here, "../interop", name), join(INTEROP, name));
    const question = JSON.stringify({ suite: "eddsa-rdfc-2022", credential: JSON.parse(readFileSync(files.json, "utf8")) });
    const said = spawnSync("node", [join(INTEROP, "data_integrity.mjs")], {
        input: `${question}\n`, encoding: "utf8", env: { ...process.env, BADGES_CONTEXTS: contexts },
    });
    claim("Digital Bazaar's verifier verifies the JSON", JSON.parse(said.stdout.trim() || "{}").verified === true, said.stdout + said.stderr);
} else {
    console.log("notice: the programs of others are not installed (tests/interop/install): one claim fewer");
}

await visit(staff, async () => {
    await staff.go(`${base}/awards`);
    const page = await staff.run(`[...document.querySelectorAll("main a")].map((one) => one.href).find((href) => href.includes(${JSON.stringify(award)}))`);
    await staff.go(page);
    await staff.run(`[...document.querySelectorAll("main details")].at(-1).open = true; [...document.querySelectorAll("main details")].at(-1).querySelector("[name=reason]").value = "Given to the wrong person"`);
    await confirmed(staff, "Revoke it");
    claim("staff see it revoked", /revoked/i.test(await text(staff)), await text(staff));
});
await visit(learner, async () => {
    // What a browser keeps for a minute is asked for anew when somebody loads the page again.
    await learner.go(`${base}/awards/${award}`);
    await learner.loading(() => learner.ask("Page.reload"));
    const shown = await text(learner);
    claim("its page says that it was revoked, and why", /revoked/i.test(shown) && shown.includes("Given to the wrong person"), shown);
    for (const accept of ["application/vc", "application/jwt", "image/png"]) {
        const { status } = await fetch(`${base}/awards/${award}`, { headers: { Accept: accept } });
        claim(`${accept} answers 410`, status === 410, String(status));
    }
    const credential = JSON.parse(readFileSync(files.json, "utf8"));
    const judged = await fetch(`${base}/api/v1/verify`, { method: "POST", headers: { "Content-Type": "application/vc" }, body: readFileSync(files.json) });
    const answer = await judged.json();
    claim("the API calls it revoked", answer.verdict === "revoked", answer);
    // A stranger fetches the status list anew.
    const [entry] = [credential.credentialStatus].flat();
    const list = entry.statusListCredential ?? entry.id;
    const fetched = await fetch(list);
    claim("the status list is public", fetched.status === 200, String(fetched.status));
    const index = JSON.parse(readFileSync(join(documents, "index.json"), "utf8"));
    const place = [index].flat().find((one) => one.url === list) ?? Object.entries(index).map(([url, file]) => ({ url, file })).find((one) => one.url === list);
    writeFileSync(join(documents, place.file), Buffer.from(await fetched.arrayBuffer()));
    claim("the command calls it revoked", verdict(files.json, "--documents", documents).verdict === "revoked");
});

const faults = [...staff.faults, ...learner.faults].filter((fault) => !/ 410 | 422 .*\/edit$/.test(fault));
claim("no page complains", faults.length === 0, faults);
await staff.close();
await learner.close();
console.log(`notice: journey: ${done} claims hold`);
