-- The same request again and again.
function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        'RESULT {"requests": %d, "seconds": %f, "p99_ms": %f, "refused": %d, "lost": %d}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
