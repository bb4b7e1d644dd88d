/// Breached passwords.
extension PolicyDraft {
    private static let modeKey = "SECURITY_PASSWORD_CHECK_BREACHED"
    private static let fileKey = "LIBSECURITY_BREACHED_FILE"
    private static let serviceKey = "LIBSECURITY_BREACHED_URL"

    /// Reads what is looked up, and where.
    func breachedPolicy() -> BreachedPolicy {
        var policy = BreachedPolicy()
        policy.mode = breachedMode()
        policy.count = integer("SECURITY_PASSWORD_BREACHED_COUNT") ?? policy.count
        policy.file = breachedFile()
        policy.service = breachedService() ?? policy.service
        remarkOnBreached(policy)
        return policy
    }

    /// Python asks for truth, and then whether it is "strict": `true` is best effort.
    private func breachedMode() -> BreachedPolicy.Mode {
        let key = PolicyDraft.modeKey
        guard has(key), let node = self[key] else { return .off }
        if let isOn = node.boolean { return isOn ? .bestEffort : .off }
        switch node.string {
        case "strict": return .strict
        case "best-effort": return .bestEffort
        default:
            report(.error, key, "must be \"strict\", \"best-effort\" or false; another text is taken for best effort")
            return .off
        }
    }

    private func breachedFile() -> String? {
        guard let path = text(PolicyDraft.fileKey) else { return nil }
        guard !path.utf8.contains(0) else {
            report(.error, PolicyDraft.fileKey, "holds a NUL character; write the path of a file")
            return nil
        }
        return path.utf8.first == 0x2F ? path : folder + path
    }

    private func breachedService() -> String? {
        guard let url = self[PolicyDraft.serviceKey]?.string else { return nil }
        if let flaw = ServiceURL.flaw(url) { report(.error, PolicyDraft.serviceKey, flaw) }
        return url
    }

    private func remarkOnBreached(_ policy: BreachedPolicy) {
        if policy.mode == .off, policy.file != nil {
            report(
                .warning, PolicyDraft.fileKey,
                "is set, but no password is looked up in it: write \(PolicyDraft.modeKey) = \"best-effort\" or"
                    + " \"strict\"")
        } else if policy.mode == .strict, policy.file == nil {
            report(
                .warning, PolicyDraft.modeKey,
                "is \"strict\" without \(PolicyDraft.fileKey): the PAM module and libsecurity ask no service, and so"
                    + " refuse every new password")
        }
    }
}

/// Where a service may be.
enum ServiceURL {
    /// What is wrong with the URL of a service that five digits are appended to; nil when nothing is.
    static func flaw(_ url: String) -> String? {
        let bytes = Array(url.utf8)
        guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return "holds a blank or what is not ASCII" }
        guard bytes.last == UInt8(ascii: "/") else {
            return "must end with \"/\", because the digits are appended to it"
        }
        guard !bytes.contains(UInt8(ascii: "?")), !bytes.contains(UInt8(ascii: "#")) else {
            return "must be a URL without \"?\" and \"#\""
        }
        if let authority = authority(bytes, after: "https://") {
            return flaw(authority: authority)
        }
        guard let authority = authority(bytes, after: "http://") else { return "must begin with \"https://\"" }
        if let flaw = flaw(authority: authority) { return flaw }
        return isLoopback(authority) ? nil : "is http, which is for this machine only; write \"https://\""
    }

    private static func authority(_ url: [UInt8], after scheme: String) -> [UInt8]? {
        let scheme = Array(scheme.utf8)
        guard url.starts(with: scheme) else { return nil }
        return Array(url.dropFirst(scheme.count).prefix { $0 != UInt8(ascii: "/") })
    }

    private static func flaw(authority: [UInt8]) -> String? {
        if authority.isEmpty { return "names no host" }
        return authority.contains(UInt8(ascii: "@")) ? "must not hold a user name or a password" : nil
    }

    /// Whether the host is this machine, by its name or its addresses.
    private static func isLoopback(_ authority: [UInt8]) -> Bool {
        ["localhost", "127.0.0.1", "[::1]"].contains { host in
            let host = Array(host.utf8)
            guard authority.starts(with: host) else { return false }
            let rest = authority.dropFirst(host.count)
            return rest.isEmpty || rest.first == UInt8(ascii: ":") && rest.dropFirst().allSatisfy { 0x30...0x39 ~= $0 }
        }
    }
}
