// usage: provider.mjs BASE ISSUER, with PICTURES: signs in over the pages of another service, as a person does.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "./chromium.mjs";

const [base, issuer] = process.argv.slice(2);
let done = 0;

function claim(text, holds, found = "") {
    if (!holds) throw new Error(`${text}: ${found}`);
    done += 1;
}

const anna = await open();
const text = () => anna.run("document.body.innerText");
const place = () => anna.run("location.origin + location.pathname");
const at = async (start) => (await place()).startsWith(start);

/// Presses the button or link with these words, and waits until the browser has come to rest on an address.
async function press(words, arrives) {
    await anna.run(`(() => {
        const all = [...document.querySelectorAll("button, input[type=submit], a")];
        const found = all.find((one) => (one.textContent || one.value).trim() === ${JSON.stringify(words)});
        if (!found) throw new Error("no button " + ${JSON.stringify(words)} + " in " + document.body.innerText);
        found.click();
    })()`);
    // On the way are pages that send on by themselves.
    for (let tries = 0; tries < 200; tries += 1) {
        await new Promise((waited) => setTimeout(waited, 100));
        const rests = await anna.run("document.readyState === 'complete'").catch(() => false);
        if (rests && (await arrives().catch(() => false))) return;
    }
    throw new Error(`${words} leads to ${await place()}, not on: ${await text()}`);
}

await anna.look(1280, "light");
try {
    await anna.go(`${base}/sign-in?next=%2Fpeople`);
    await press("Sign in with Our school", () => at(issuer));
    claim("the other service asks who she is", await anna.run("!!document.querySelector('[name=login]')"), await text());

    await anna.run("document.querySelector('[name=login]').value = 'anna'; document.querySelector('[name=password]').value = 'x'");
    const asked = await place();
    await press("Sign-in", async () => (await at(issuer)) && (await place()) !== asked);
    claim("the other service asks whether she agrees", /continue|authorize/i.test(await text()), await text());

    await press("Continue", () => at(base));
    claim("she lands where she wanted to go", (await place()) === `${base}/people`, await text());
    claim("she is signed in as the owner", (await text()).includes("owner@example.org"), await text());
    await anna.go(`${base}/me`);
    claim("her page names the other service", (await text()).includes("Our school"), await text());

    // What she did is hers alone.
    const eve = await open();
    await eve.go(`${base}/me`);
    claim("another browser is not signed in", !(await eve.run("document.body.innerText")).includes("owner@example.org"));
    await eve.close();
} catch (error) {
    writeFileSync(join(process.env.PICTURES, "provider-failed.png"), await anna.picture(1280, 2_000));
    throw error;
}
// What the pages of the other service lack is theirs.
const faults = anna.faults.filter((fault) => fault.includes(base));
claim("no page of ours complains", faults.length === 0, faults.join("\n"));
await anna.close();
console.log(`notice: sign-in over another service: ${done} claims hold`);
