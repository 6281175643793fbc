-- The same request again and again; where BODY names a file, the file is posted.
local body = os.getenv("BODY")
if body then
    local file = io.open(body, "rb")
    wrk.method = "POST"
    wrk.body = file:read("*a")
    wrk.headers["Content-Type"] = "application/vc"
    wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
    file:close()
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        'RESULT {"requests": %d, "seconds": %f, "p99_ms": %f, "refused": %d, "lost": %d}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
