// Chromium without a window, driven by its own protocol over a pipe: no driver, no package.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/// Opens a browser with a profile of its own; `faults` collects what its console complains about.
export async function open(extra = []) {
    const profile = mkdtempSync(join(tmpdir(), "chromium-"));
    const browser = spawn(
        "chromium",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe",
            `--user-data-dir=${profile}`, ...extra,
        ],
        { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
    );
    const [, , , to, from] = browser.stdio;
    const waiting = new Map();
    const faults = [];
    let number = 0;
    let loaded = () => {};
    let rest = "";
    let session;
    from.on("data", (bytes) => {
        const parts = (rest + bytes).split("\0");
        rest = parts.pop();
        for (const part of parts) {
            const message = JSON.parse(part);
            if (message.id) {
                waiting.get(message.id)?.(message);
            } else if (message.method === "Page.loadEventFired") {
                loaded();
            } else if (message.method === "Log.entryAdded") {
                faults.push(`${message.params.entry.text} ${message.params.entry.url ?? ""}`);
            } else if (message.method === "Runtime.exceptionThrown") {
                faults.push(message.params.exceptionDetails.exception?.description);
            }
        }
    });

    function ask(method, params = {}) {
        number += 1;
        const id = number;
        to.write(`${JSON.stringify({ id, method, params, sessionId: session })}\0`);
        return new Promise((done, failed) => {
            waiting.set(id, (message) => {
                waiting.delete(id);
                message.error ? failed(new Error(`${method}: ${message.error.message}`)) : done(message.result);
            });
        });
    }

    /// Does something that loads a page, and waits for it.
    async function loading(act) {
        const load = new Promise((done, failed) => {
            loaded = done;
            setTimeout(() => failed(new Error("no page was loaded within 20 seconds")), 20_000).unref();
        });
        await act();
        await load;
    }

    const { targetId } = await ask("Target.createTarget", { url: "about:blank" });
    session = (await ask("Target.attachToTarget", { targetId, flatten: true })).sessionId;
    for (const domain of ["Page", "Log", "Runtime", "DOM"]) await ask(`${domain}.enable`);

    return {
        ask,
        faults,
        loading,
        go: (url) => loading(() => ask("Page.navigate", { url })),
        async run(expression) {
            const answer = await ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
            if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? expression);
            return answer.result.value;
        },
        async look(width, scheme) {
            await ask("Emulation.setDeviceMetricsOverride", { width, height: 800, deviceScaleFactor: 1, mobile: width < 600 });
            await ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
        },
        async picture(width, height) {
            const clip = { x: 0, y: 0, width, height: Math.max(height, 400), scale: 1 };
            const { data } = await ask("Page.captureScreenshot", { captureBeyondViewport: true, clip });
            return Buffer.from(data, "base64");
        },
        async close() {
            const ended = new Promise((done) => browser.on("exit", done));
            session = undefined;
            await ask("Browser.close");
            await ended;
            // Its other processes may write for a moment longer.
            for (let tries = 0; tries < 50; tries += 1) {
                try {
                    return rmSync(profile, { recursive: true, force: true });
                } catch {
                    await new Promise((waited) => setTimeout(waited, 100));
                }
            }
        },
    };
}
