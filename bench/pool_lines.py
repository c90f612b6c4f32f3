"""What one writes with a pool for the job of `orleansclean map`: lines in, JSON Lines out, in order.

    pool_lines.py square|digits FILE WORKERS > out.jsonl
"""
import json
import sys
from multiprocessing import Pool


def square(x):
    return x * x


def digits(x):
    return len(str(abs(x)))


if __name__ == "__main__":
    function = {"square": square, "digits": digits}[sys.argv[1]]
    with open(sys.argv[2]) as file:
        inputs = [line.rstrip("\n") for line in file]
    with Pool(int(sys.argv[3])) as pool:
        results = pool.map(function, map(int, inputs))
    out = sys.stdout
    for index, (text, result) in enumerate(zip(inputs, results)):
        out.write(json.dumps({"index": index, "input": text, "result": result}, separators=(",", ":")))
        out.write("\n")
