-- Awards a badge to somebody new with each request. BADGE and TOKEN come from the environment.
local threads = 0
function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local sent = 0
local headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json" }
local start = '{"badge":"' .. os.getenv("BADGE") .. '","email":"' .. os.getenv("NAMES") .. "-"

function request()
    sent = sent + 1
    return wrk.format("POST", "/api/v1/awards", headers, start .. number .. "-" .. sent .. '@example.org"}')
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        'RESULT {"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "refused": %d, "lost": %d}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
