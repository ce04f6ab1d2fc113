# tries: raises its own limits
# outcomes: ran
# may_return: ["refused"]
import resource


def f(x):
    names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
    for name in names:
        number = getattr(resource, name)
        _, hard = resource.getrlimit(number)
        if hard == resource.RLIM_INFINITY:
            if name in ("RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_NOFILE"):
                return "BREACH: there is no " + name
            continue
        for more in (hard + 1, hard * 2 + 2, resource.RLIM_INFINITY):
            try:
                resource.setrlimit(number, (hard, more))
            except (OSError, ValueError):
                continue
            return "BREACH: raised " + name
    return "refused"
