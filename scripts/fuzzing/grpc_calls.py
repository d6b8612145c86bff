"""Fuzzes the gRPC services of a running server by their proto files: messages of every shape, and bytes that are no message.

A call may be refused; it may not break the server: UNKNOWN, INTERNAL and DATA_LOSS are faults.
"""

import argparse
import importlib
import pathlib
import sys
import tempfile
from collections import Counter

import grpc
from google.protobuf.descriptor import FieldDescriptor
from grpc_tools import protoc
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some

HOME = pathlib.Path(__file__).resolve().parents[2]
FAULTS = {grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL, grpc.StatusCode.DATA_LOSS}
DEEPEST = 1
KNOWN = ("", "fuzzed", "cosine", "all-minilm-l6-v2", "mean", "query", "1", "area", "=")

INTEGERS = {
    FieldDescriptor.TYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_UINT64: (0, 2**64 - 1),
    FieldDescriptor.TYPE_SINT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_SINT64: (-(2**63), 2**63 - 1),
}


def values(field, depth):
    """A strategy for one value of a field."""
    if field.type in INTEGERS:
        least, most = INTEGERS[field.type]
        return some.integers(max(least, -2), min(most, 20)) | some.integers(least, most)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return some.booleans()
    if field.type in (FieldDescriptor.TYPE_FLOAT, FieldDescriptor.TYPE_DOUBLE):
        return some.floats(width=32 if field.type == FieldDescriptor.TYPE_FLOAT else 64)
    if field.type == FieldDescriptor.TYPE_STRING:
        return some.sampled_from(KNOWN) | some.text(max_size=40)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return some.binary(max_size=40)
    if field.type == FieldDescriptor.TYPE_ENUM:
        return some.sampled_from([value.number for value in field.enum_type.values])
    return messages(field.message_type, depth + 1)


def messages(descriptor, depth=0):
    """A strategy for messages of a type; fields are left out as often as not."""

    @some.composite
    def made(draw):
        message = message_class(descriptor)()
        for field in descriptor.fields:
            if depth > DEEPEST and field.type == FieldDescriptor.TYPE_MESSAGE or draw(some.booleans()):
                continue
            if field.message_type is not None and field.message_type.GetOptions().map_entry:
                key, value = (field.message_type.fields_by_name[name] for name in ("key", "value"))
                for name, item in draw(some.dictionaries(values(key, depth), values(value, depth), max_size=2)).items():
                    if value.type == FieldDescriptor.TYPE_MESSAGE:
                        getattr(message, field.name)[name].CopyFrom(item)
                    else:
                        getattr(message, field.name)[name] = item
            elif repeated(field):
                getattr(message, field.name).extend(draw(some.lists(values(field, depth), max_size=2 if depth else 4)))
            elif field.type == FieldDescriptor.TYPE_MESSAGE:
                getattr(message, field.name).CopyFrom(draw(values(field, depth)))
            else:
                setattr(message, field.name, draw(values(field, depth)))
        return message

    return made()


def repeated(field):
    return field.is_repeated if hasattr(field, "is_repeated") else field.label == FieldDescriptor.LABEL_REPEATED


def message_class(descriptor):
    from google.protobuf import message_factory

    return message_factory.GetMessageClass(descriptor)


def services():
    """The services of the proto files, compiled for this run."""
    folder = tempfile.mkdtemp()
    files = sorted((HOME / "proto").glob("*.proto"))
    well_known = str(pathlib.Path(protoc.__file__).parent / "_proto")
    command = ["protoc", f"-I{HOME / 'proto'}", f"-I{well_known}", f"--python_out={folder}"]
    if protoc.main([*command, *map(str, files)]):
        raise SystemExit("the proto files could not be compiled")
    sys.path.insert(0, folder)
    for file in files:
        yield from importlib.import_module(f"{file.stem}_pb2").DESCRIPTOR.services_by_name.values()


def _make_collection(channel, known, metadata):
    """The one that the messages name, so that not all of them ask for what is not there."""
    create = next(method for service in known for method in service.methods if method.name == "CreateCollection")
    path = f"/{create.containing_service.full_name}/{create.name}"
    called = channel.unary_unary(path, lambda sent: sent.SerializeToString(), lambda received: received)
    try:
        called(message_class(create.input_type)(name="fuzzed", dimension=2, text_index=True), timeout=30, metadata=metadata)
    except grpc.RpcError as refused:
        if refused.code() != grpc.StatusCode.ALREADY_EXISTS:
            raise


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="HOST:PORT of the gRPC server")
    parser.add_argument("--examples", type=int, default=50, help="messages for each method (50)")
    parser.add_argument("--key", help="an API key")
    options = parser.parse_args()
    metadata = [("x-api-key", options.key)] if options.key else None
    faults = []
    with grpc.insecure_channel(options.address) as channel:
        known = list(services())
        for service in known:
            for method in service.methods:
                _make_collection(channel, known, metadata)
                path = f"/{service.full_name}/{method.name}"
                told = Counter()
                called = channel.unary_unary(path, lambda sent: sent, lambda received: received)

                @settings(
                    max_examples=options.examples,
                    deadline=None,
                    database=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
                @given(messages(method.input_type).map(lambda made: made.SerializeToString()) | some.binary(max_size=60))
                def call(sent):
                    try:
                        called(sent, timeout=30, metadata=metadata)
                        told["OK"] += 1
                    except grpc.RpcError as refused:
                        told[refused.code().name] += 1
                        if refused.code() in FAULTS:
                            faults.append(f"{path} {sent.hex()}: {refused.code().name} {refused.details()}")

                call()
                print(f"{path}: {dict(told)}", flush=True)
    for fault in faults[:20]:
        print(f"FAULT {fault}", file=sys.stderr)
    if faults:
        raise SystemExit(f"{len(faults)} faults")


if __name__ == "__main__":
    main()
