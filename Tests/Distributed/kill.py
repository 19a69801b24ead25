"""Kills a run at random times, and says whether anything was lost.

    kill.py VAECODEC [--kills 50] [--pictures 500] [--seed 1]

After each kill every file that has its name must be whole; in the end the folder must be that of an undisturbed run,
byte for byte, with no temporary file in it. Exit status 1 says that something did not hold.
"""
import argparse
import glob
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pictures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pictures", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    work = tempfile.mkdtemp(prefix="vaecodec-kill-")
    failures = []
    try:
        pictures.write(f"{work}/in", arguments.pictures)
        start = time.time()
        subprocess.run([arguments.program, "encode", f"{work}/in", "-o", f"{work}/whole", "--quiet"], check=True)
        seconds = time.time() - start
        whole = pictures.outputs(f"{work}/whole")
        killed = made = 0
        while killed < arguments.kills:
            command = [arguments.program, "encode", f"{work}/in", "-o", f"{work}/out", "--quiet"]
            process = subprocess.Popen(command)
            # Some before the first group is there, some after several.
            time.sleep(chance.uniform(0.05, 0.5 + seconds / 4))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
            elif process.returncode == 0:
                # All is done: make some of it again.
                for name in chance.sample(sorted(whole), len(whole) // 2):
                    os.remove(f"{work}/out/{name}")
            process.wait()
            found = pictures.outputs(f"{work}/out")
            made = max(made, len(found))
            wrong = [name for name, content in found.items() if whole[name] != content]
            if wrong:
                failures.append(f"after {killed} kills these are not whole: {wrong[:3]}")
        run = subprocess.run(command[:-1], capture_output=True, text=True)
        print(run.stdout.splitlines()[-1])
        if pictures.outputs(f"{work}/out") != whole:
            failures.append("the finished set is another one than that of an undisturbed run")
        left = [path for path in glob.glob(f"{work}/out/**/.vaecodec.*", recursive=True, include_hidden=True)]
        if left:
            failures.append(f"these temporary files are left: {left[:3]}")
        check = subprocess.run([arguments.program, "verify", f"{work}/out", "--inputs", f"{work}/in"],
                               capture_output=True, text=True)
        print(check.stdout.strip())
        if check.returncode != 0:
            failures.append(check.stderr)
        print(f"{killed} kills, {made} of {len(whole)} files were there before the last run")
    finally:
        shutil.rmtree(work)
    print("\n".join(failures) or "nothing was lost, and nothing was mixed up")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
