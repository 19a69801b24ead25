import Glibc

// A closed pipe and a file that outgrows its limit are errors of the write, not the end of the process.
signal(SIGPIPE, SIG_IGN)
signal(SIGXFSZ, SIG_IGN)
// Where a standard stream is closed, the next file to be opened would take its place: instead one that
// can be neither read nor written in its direction does.
for (stream, flags) in [
  (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
] where fcntl(stream, F_GETFD) < 0 {
  _ = unsafe open("/dev/null", flags)
}
exit(Program.run(Program.arguments))
