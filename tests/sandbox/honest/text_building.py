# shows: texts of any alphabet are built and come back as they are
# inputs: [["héé\u0000ß", 3], ["日本\ud83d\ude00", 2]]
# expects: ["héé\u0000ßhéé\u0000ßhéé\u0000ß", "日本\ud83d\ude00日本\ud83d\ude00"]
import io


def f(text, times):
    out = io.StringIO()
    for _ in range(times):
        out.write(text)
    return out.getvalue().encode().decode()
