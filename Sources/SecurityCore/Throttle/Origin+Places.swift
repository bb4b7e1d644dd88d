/// Which origins are places: somewhere a login comes from, and others do not.
///
/// Strangers and the owner share an origin that cannot be seen. Such an origin never becomes one of the owner's places, it
/// delays nobody else's account, and the account's own limits for strangers bind there (``Throttle``).
extension Origin {
    /// Why an origin cannot be seen. Each kind is one origin, so that no text from outside makes rows of its own.
    public enum Unseen: String, CaseIterable, Sendable {
        /// A proxy that the policy does not list stands between securityd and its clients.
        case proxy
        /// A program names no remote host, and runs neither at a terminal of this machine nor for the user himself.
        case service
    }

    private static let unseenMark = "unseen:"

    /// An origin that cannot be seen. `address` is what the SECURITY_TRACKABLE columns get, such as a proxy's own.
    public static func unseen(_ kind: Unseen, address: String? = nil) -> Origin {
        Origin(text: unseenMark + kind.rawValue, address: address)
    }

    /// Whether this is a place.
    public var isPlace: Bool { Origin.isPlace(text) }

    /// Whether the origin behind a ``text`` is a place.
    public static func isPlace(_ text: String) -> Bool { !text.utf8.starts(with: unseenMark.utf8) }

    private init(text: String, address: String?) {
        self.text = text
        self.address = address
    }
}

/// What a program that serves a login knows of where it comes from.
///
/// | remote host | terminal | real uid of the caller | origin |
/// | --- | --- | --- | --- |
/// | named | any | any | that host |
/// | none | of this machine | any | that uid |
/// | none | none, or another word | that of the account, and a person's | that uid |
/// | none | none, or another word | any other | unseen |
///
/// So `login`, `su`, `sudo` and a display manager are at a place by their terminal, and a screen locker or `sudo -S` by the
/// uid of the user who runs it. A network service that passes no remote host (openvpn, a mail server, RADIUS), cron, and
/// what www-data runs are unseen. PAM_RUSER is the caller's own word and is not asked.
public struct LoginPlace: Equatable, Sendable {
    /// PAM_RHOST; nil or empty = not named.
    public var remoteHost: String?
    /// PAM_TTY; nil or empty = none.
    public var terminal: String?
    /// The real uid of the caller.
    public var caller: UInt32
    /// The uid that the system gives the login name; nil = the system does not know the name.
    public var account: UInt32?

    /// The least uid of a person (UID_MIN of login.defs(5), as Debian ships it).
    static let firstPerson: UInt32 = 1000

    /// A place of its parts.
    public init(remoteHost: String?, terminal: String?, caller: UInt32, account: UInt32?) {
        self.remoteHost = remoteHost
        self.terminal = terminal
        self.caller = caller
        self.account = account
    }

    /// The origin by which attempts are counted.
    public var origin: Origin {
        if let remoteHost, !remoteHost.isEmpty { return Origin(remoteHost: remoteHost) }
        let isOwnProcess = caller >= LoginPlace.firstPerson && caller == account
        return isOwnProcess || isAtTerminal ? Origin(localUser: caller) : .unseen(.service)
    }

    /// Whether ``terminal`` is a device or a display of this machine: `tty1`, `/dev/pts/0`, `console`, `:0`. Services write
    /// words such as `ssh`, `cron` or `openvpn` there.
    var isAtTerminal: Bool {
        guard let terminal else { return false }
        var name = terminal.utf8[...]
        if name.starts(with: "/dev/".utf8) { name = name.dropFirst(5) }
        if name.elementsEqual("console".utf8) { return true }
        if name.first == UInt8(ascii: ":") { return LoginPlace.isDisplay(name.dropFirst()) }
        for prefix in ["pts/", "hvc", "hvsi", "xvc"] where name.starts(with: prefix.utf8) {
            return LoginPlace.isNumber(name.dropFirst(prefix.utf8.count))
        }
        // tty1, ttyS0, ttyAMA0.
        guard name.starts(with: "tty".utf8), let last = name.last, LoginPlace.isDigit(last) else { return false }
        return name.dropFirst(3).allSatisfy { LoginPlace.isDigit($0) || LoginPlace.isLetter($0) }
    }

    /// A display's number, and the screen's behind a dot.
    private static func isDisplay(_ name: Substring.UTF8View) -> Bool {
        guard let dot = name.firstIndex(of: UInt8(ascii: ".")) else { return isNumber(name) }
        return isNumber(name[..<dot]) && isNumber(name[name.index(after: dot)...])
    }

    private static func isNumber(_ name: Substring.UTF8View) -> Bool {
        !name.isEmpty && name.allSatisfy { isDigit($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }
}
