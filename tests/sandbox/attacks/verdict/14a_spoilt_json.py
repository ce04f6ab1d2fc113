# tries: replaces the writers of JSON and marshal by ones that state a constant
# outcomes: ran, malformed, runtime_error
# may_return: [0, 1, 2]
import json
import json.encoder
import marshal

constant = "[0,0]"
json.dumps = json.JSONEncoder.encode = json.encoder.encode_basestring_ascii = lambda *a, **k: constant
json.encoder.c_make_encoder = None
marshal.dumps = lambda *a, **k: b"[0,0]"


def f(x):
    return x
