"""A client of `vaecodec serve`."""
import json
import subprocess
import threading


class Server:
    """A process that answers pictures with latents."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.greeting = json.loads(self.process.stdout.readline())

    def answers(self, contents):
        """A reply's header and bytes for each of `contents`, in their order."""
        def send():
            try:
                for number, content in enumerate(contents):
                    header = json.dumps({"id": number, "bytes": len(content)}).encode()
                    self.process.stdin.write(header + b"\n" + content)
                self.process.stdin.flush()
            except BrokenPipeError:
                pass

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        for _ in contents:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError(f"vaecodec ended with {self.process.wait()}")
            header = json.loads(line)
            yield header, self.process.stdout.read(header["bytes"])
        sender.join()

    def close(self):
        """Ends the process, which answers what it has read before."""
        self.process.stdin.close()
        status = self.process.wait()
        if status != 0:
            raise RuntimeError(f"vaecodec ended with {status}")
