"""What OpenTelemetry's own classes read in each line of standard input, an export of spans in JSON; one answer a line."""

import importlib
import json
import pkgutil
import sys

from opentelemetry.proto_json.collector.trace.v1.trace_service import ExportTraceServiceRequest
from opentelemetry.semconv import attributes, schemas


def names():
    """The stable names of attributes."""
    found = set()
    for module in pkgutil.iter_modules(attributes.__path__):
        module = importlib.import_module(f"{attributes.__name__}.{module.name}")
        found.update(value for name, value in vars(module).items() if name.isupper() and isinstance(value, str))
    return found


known, versions = names(), {version.value for version in schemas.Schemas}
for line in sys.stdin:
    sent = json.loads(line)
    read = ExportTraceServiceRequest.from_dict(sent)
    resources = read.resource_spans
    scopes = [scope for resource in resources for scope in resource.scope_spans]
    spans = [span for scope in scopes for span in scope.spans]
    attributed = [*spans, *(resource.resource for resource in resources)]
    used = {attribute.key for one in attributed for attribute in one.attributes}
    schemas_used = {one.schema_url for one in [*resources, *scopes]}
    print(json.dumps({
        "whole": read.to_dict() == sent,
        "unknown": sorted(used - known),
        "schemas": sorted(schemas_used - versions),
        "spans": [[span.name, len(span.trace_id), len(span.span_id), str(span.kind)] for span in spans],
    }))
