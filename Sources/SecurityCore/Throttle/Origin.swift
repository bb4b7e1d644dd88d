import CLibc

/// Where a login comes from, in one canonical spelling, so that nobody gains guesses by writing an address otherwise.
public struct Origin: Hashable, Sendable {
    /// `ip:<IPv4>`, `ip:<IPv6 network>/64`, `host:<name>` or `uid:<number>`.
    public let text: String
    /// The address for the SECURITY_TRACKABLE columns: as given when it is one, nil for a local login.
    public let address: String?

    /// The longest remote host that is looked at; a longer one is cut, as no real name reaches it.
    static let longestHost = 255

    /// A remote host (PAM_RHOST): an address in any spelling, or a name, which is kept as text in lower case.
    public init(remoteHost: String) {
        let host = remoteHost.utf8.count > Origin.longestHost ? String(remoteHost.prefix(64)) : remoteHost
        let bare = Origin.withoutZone(host)
        if let network = Origin.canonicalAddress(bare) {
            text = "ip:" + network
            address = bare
        } else {
            text = "host:" + host.lowercased()
            address = host.utf8.count <= 64 ? host : nil
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
        return parse(withoutZone(text), family: AF_INET6, count: 16)
    }

    /// An address without its `%interface` part.
    private static func withoutZone(_ host: String) -> String {
        guard let percent = host.firstIndex(of: "%") else { return host }
        return String(host[..<percent])
    }

    /// The canonical form of an IPv4 address, of an IPv4 address inside an IPv6 one, or of an IPv6 address's /64
    /// network; nil for anything else.
    static func canonicalAddress(_ host: String) -> String? {
        if let bytes = parse(host, family: AF_INET, count: 4) { return dotted(bytes[...]) }
        guard let bytes = parse(host, family: AF_INET6, count: 16) else { return nil }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        if isMapped { return dotted(bytes[12...]) }
        let groups = stride(from: 0, to: 8, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }
        return groups.joined(separator: ":") + "::/64"
    }

    private static func dotted(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { String($0) }.joined(separator: ".")
    }

    /// The `count` bytes of an address of a family (AF_INET, AF_INET6); nil for another text.
    static func parse(_ host: String, family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: inet_pton writes `count` bytes for this family and reads a NUL-terminated text.
        let parsed = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe host.withCString { unsafe inet_pton(family, $0, buffer.baseAddress) }
        }
        return parsed == 1 ? bytes : nil
    }
}
