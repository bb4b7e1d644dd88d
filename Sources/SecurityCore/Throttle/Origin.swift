import CLibc

/// Where a login comes from, in one canonical spelling, so that nobody gains guesses by writing an address otherwise.
public struct Origin: Hashable, Sendable {
    /// `ip:<IPv4>`, `ip:<IPv6 network>/64`, `host:<name>`, `uid:<number>`, or `unseen:<kind>` (``Unseen``).
    public let text: String
    /// The address for the SECURITY_TRACKABLE columns: as given when it is one, nil for a local login.
    public let address: String?

    /// The longest remote host that is looked at; a longer one is cut, as no real name reaches it.
    static let longestHost = 255

    /// A remote host (PAM_RHOST): an address in any spelling, or a name, which is kept as text, A to Z in lower case and without the
    /// dot of a fully qualified one.
    public init(remoteHost: String) {
        let given = remoteHost.utf8.count > Origin.longestHost ? ByteText(remoteHost).begin(64) : ByteText(remoteHost)
        let bare = given.cut(at: 0x25).before.string
        if let network = Origin.canonicalAddress(bare) {
            text = "ip:" + network
            address = bare
        } else {
            let name = given.lowered
            text = "host:" + (name.dropping(suffix: ".") ?? name).string
            address = given.count <= 64 ? given.string : nil
        }
    }

    /// A local login by the real uid of the caller; PAM_RUSER is the caller's own word and not asked.
    public init(localUser uid: UInt32) {
        text = "uid:\(uid)"
        address = nil
    }

    /// The 16 bytes of an IPv6 address, or of an IPv4 address inside one (`::ffff:192.0.2.7`); nil for anything else.
    public static func bytes(ofAddress text: String) -> [UInt8]? {
        if let bytes = parse(text, family: AF_INET, count: 4) {
            return [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + bytes
        }
        // Without its `%interface` part.
        return parse(ByteText(text).cut(at: 0x25).before.string, family: AF_INET6, count: 16)
    }

    /// Whether a text is an IPv4 or IPv6 address and nothing else: no zone, no port, no brackets.
    public static func isBareAddress(_ text: ByteText) -> Bool {
        !text.holds(0x25) && bytes(ofAddress: text.string) != nil
    }

    /// The canonical form of an IPv4 address, of an IPv4 address inside an IPv6 one (RFC 4291, or behind a NAT64 gateway: RFC 6052),
    /// or of an IPv6 address's /64 network; nil for anything else.
    static func canonicalAddress(_ host: String) -> String? {
        if let bytes = parse(host, family: AF_INET, count: 4) { return dotted(bytes[...]) }
        guard let bytes = parse(host, family: AF_INET6, count: 16) else { return nil }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        if isMapped || bytes.starts(with: Origin.wellKnownNAT64) { return dotted(bytes[12...]) }
        let groups = stride(from: 0, to: 8, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }

    /// 64:ff9b::/96: all clients of a gateway would be one /64, and one place.
    private static let wellKnownNAT64: [UInt8] = [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]

    private static func dotted(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { String($0) }.joined(separator: ".")
    }

    /// The `count` bytes of an address of a family (AF_INET, AF_INET6); nil for another text.
    static func parse(_ host: String, family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        // The C function would stop there.
        guard !host.utf8.contains(0) else { return nil }
        // SAFETY: inet_pton writes `count` bytes for this family and reads a NUL-terminated text.
        let parsed = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe host.withCString { unsafe inet_pton(family, $0, buffer.baseAddress) }
        }
        return parsed == 1 ? bytes : nil
    }
}
