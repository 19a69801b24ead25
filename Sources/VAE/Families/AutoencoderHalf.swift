/// One of the two networks of an autoencoder, by the word that begins its tensors' names.
package enum AutoencoderHalf: String, Sendable {
  case encoder, decoder

  /// The other one.
  package var other: AutoencoderHalf { self == .encoder ? .decoder : .encoder }
}

/// A half whose tensors have names that leave it out.
package struct ImpliedHalf: Sendable {
  let half: AutoencoderHalf
  /// What the names would begin with.
  let component: String
  /// Whether the other half is looked for in a file of its own. Such files have no config.json: one
  /// that lies beside them is another model's.
  let isPaired: Bool
}
