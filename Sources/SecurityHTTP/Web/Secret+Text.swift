import SecurityCore

/// Secrets that leave as what they are: a cookie, a link, a message. These copies are not wiped.
extension Secret {
    /// The bytes.
    var bytes: [UInt8] { withBytes { bytes in bytes.indices.map { bytes[$0] } } }

    /// The text; what is no UTF-8 is replaced.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
