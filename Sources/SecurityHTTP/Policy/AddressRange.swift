import SecurityCore

/// An IP address, or a block of them in CIDR notation (RFC 4632, RFC 4291 section 2.3): `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.
struct AddressRange: Equatable, Sendable {
    /// 16 bytes; an IPv4 address stands in an IPv6 one (RFC 4291 section 2.5.5.2).
    private let bytes: [UInt8]
    /// How many bits of them count.
    private let bits: Int

    /// Nil for anything else, and for a block whose address has bits beyond its length: it was meant otherwise.
    init?(_ text: String) {
        let (address, behind) = ByteText(text).cut(at: 0x2F)
        guard let bytes = Origin.bytes(ofAddress: address.string) else { return nil }
        let width = address.holds(0x3A) ? 128 : 32
        guard let behind else {
            self.bytes = bytes
            bits = 128
            return
        }
        guard let length = Int(behind.string), (0...width).contains(length), ByteText("\(length)") == behind else {
            return nil
        }
        self.bytes = bytes
        bits = 128 - width + length
        guard (bits..<128).allSatisfy({ bytes[$0 / 8] & (0x80 >> ($0 % 8)) == 0 }) else { return nil }
    }

    /// Whether an address, in any spelling, is in it.
    func contains(_ address: String) -> Bool {
        guard let other = Origin.bytes(ofAddress: address) else { return false }
        return (0..<bits).allSatisfy { (bytes[$0 / 8] ^ other[$0 / 8]) & (0x80 >> ($0 % 8)) == 0 }
    }
}
