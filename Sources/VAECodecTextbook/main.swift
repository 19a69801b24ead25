import Glibc
import VAECodec

// `make textbook`: what every introduction to variational autoencoders promises, on 32x32 pictures in about ten
// minutes on two cores. Each step names the command that does the same.

guard CommandLine.arguments.count == 3 else {
  say(
    "usage: vaecodec-textbook PICTURES OUTPUT, where PICTURES has the folders train and held-out")
  exit(2)
}
do {
  try Textbook(pictures: CommandLine.arguments[1], output: CommandLine.arguments[2]).run()
} catch {
  say("vaecodec-textbook: \(error)")
  exit(1)
}
