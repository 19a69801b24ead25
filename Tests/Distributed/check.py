"""Runs the recipes of this folder on some pictures, and says what held.

    check.py VAECODEC

Spark, Ray and GNU parallel are used where they are; what is not there is named and passed over. Exit status 1 says
that something did not hold.
"""
import collections
import glob
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile

import pictures

HERE = os.path.dirname(os.path.abspath(__file__))
PICTURES = 60


failures = 0


def expect(what, holds, found=""):
    global failures
    print(("ok      " if holds else "FAILED  ") + what + ("" if holds else f": {found}"))
    failures += not holds


def python(script, *arguments, **variables):
    return subprocess.run(
        [sys.executable, os.path.join(HERE, script), *arguments], capture_output=True, text=True, timeout=600,
        env={**os.environ, "PYSPARK_PYTHON": sys.executable, "RAY_DEDUP_LOGS": "0", **variables})


def spark(program, work):
    with open(f"{work}/list", "w") as lines:
        lines.writelines(path + "\n" for path in sorted(glob.glob(f"{work}/in/*/*")) + [f"{work}/in/gone.png"])
    for attempt in ("first", "again"):
        run = python("spark_files.py", program, f"{work}/list", f"{work}/spark", "--partitions", "4")
        rows = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
        if attempt == "first":
            expect("Spark, files: a row for each", len(rows) == PICTURES + 2, run.stderr[-2000:])
            expect("Spark, files: errors kept their rows", sum("error" in row for row in rows) == 2, rows[-3:])
        outputs = pictures.outputs(f"{work}/spark")
        expect(f"Spark, files: all outputs, {attempt}", len(outputs) == PICTURES, len(outputs))
    subprocess.run([program, "encode", "--files-from", f"{work}/list", "-o", f"{work}/plain", "--quiet"],
                   capture_output=True)
    expect("Spark, files: the bytes of an undisturbed run", outputs == pictures.outputs(f"{work}/plain"))
    run = python("spark_table.py", program, f"{work}/in", f"{work}/spark.parquet")
    check_table("Spark, table", f"{work}/spark.parquet", run)
    # A child that dies takes its task with it, which is tried again where that may help.
    shell = f"{work}/dying"
    with open(shell, "w") as script:
        script.write(f"#!/bin/sh\nif mkdir {work}/died 2>/dev/null; then head -c 100 >/dev/null; kill -9 $$; fi\n"
                     f"exec {program} \"$@\"\n")
    os.chmod(shell, 0o755)
    run = python("spark_files.py", shell, f"{work}/list", f"{work}/killed", "--partitions", "2",
                 PYSPARK_SUBMIT_ARGS="--master local[2,4] pyspark-shell")
    rows = [line for line in run.stdout.splitlines() if line.startswith("{")]
    expect("Spark, files: a killed child is tried again", len(rows) == PICTURES + 2, run.stderr[-1500:])


def check_table(name, path, run):
    if not glob.glob(f"{path}/*.parquet"):
        expect(f"{name}: a table", False, run.stderr[-2000:])
        return None
    import pyarrow.parquet
    table = pyarrow.parquet.read_table(path).to_pylist()
    expect(f"{name}: a row for each", len(table) == PICTURES + 1, len(table))
    expect(f"{name}: an error kept its row", sum(row["error"] is not None for row in table) == 1)
    expect(f"{name}: latents are arrays", sum((row["latent"] or b"")[:6] == b"\x93NUMPY" for row in table) == PICTURES)
    return table


def ray(program, work):
    run = python("ray_pictures.py", program, f"{work}/in", f"{work}/ray")
    table = check_table("Ray", f"{work}/ray", run)
    if table:
        expect("Ray: threads are the task's processors", {row["threads"] for row in table} == {1})
    listed = subprocess.run(["pgrep", "-f", f"{program} serve"], capture_output=True, text=True).stdout.split()
    expect("Ray: no process is left", not listed, listed)


def slurm(program, work):
    counts = collections.Counter()
    for task in range(1, 8):
        subprocess.run(
            [f"{HERE}/slurm_array.sh", f"{work}/in", f"{work}/slurm"], capture_output=True,
            env={**os.environ, "VAECODEC": program, "SLURM_STEP_LAUNCHER": "", "SLURM_ARRAY_TASK_ID": str(task),
                 "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "7", "SLURM_CPUS_PER_TASK": "1"})
        counts[task] = len(pictures.outputs(f"{work}/slurm"))
    expect("Slurm: the tasks of an array share all pictures out",
           len(pictures.outputs(f"{work}/slurm")) == PICTURES and len(set(counts.values())) == 7, counts)


def parallel(program, work):
    with open(f"{work}/zeros", "wb") as paths:
        paths.write(b"".join(os.fsencode(path) + b"\0" for path in glob.glob(f"{work}/in/*/*.png")))
    run = subprocess.run([f"{HERE}/parallel_list.sh", f"{work}/zeros", f"{work}/parallel"], capture_output=True,
                         env={**os.environ, "VAECODEC": program, "JOBS": "2"})
    expect("GNU parallel: all outputs", len(pictures.outputs(f"{work}/parallel")) == PICTURES, run.stderr[-500:])


def main():
    program = os.path.abspath(sys.argv[1])
    work = tempfile.mkdtemp(prefix="vaecodec-distributed-")
    try:
        pictures.write(f"{work}/in", PICTURES)
        with open(f"{work}/in/0/bad.png", "wb") as file:
            file.write(b"no picture")
        for name, check, is_there in [
            ("Spark", spark, importlib.util.find_spec("pyspark") and shutil.which("java")),
            ("Ray", ray, importlib.util.find_spec("ray")),
            ("Slurm", slurm, True),
            ("GNU parallel", parallel, shutil.which("parallel")),
        ]:
            if is_there:
                check(program, work)
            else:
                print(f"skipped {name}: it is not on this machine")
    finally:
        shutil.rmtree(work)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
