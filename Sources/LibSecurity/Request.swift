import CLibSecurity
import CLibc
import SecurityCore

/// An `lsec_request`, read and checked.
struct Request {
    private var kind = LSEC_IDENTITY_APPLICATION
    private var hostUID: Int64?
    private var remoteHost: String?
    /// What to ask for.
    private(set) var scope = FactorScope.all
    /// LSEC_REQUEST_ flags.
    private(set) var flags: UInt32 = 0
    /// Real uid of whom the caller acts for.
    private(set) var callerUID = getuid()
    /// Whether the program says for whom it acts, which is where a login without a remote host comes from.
    private var namesCaller = false
    /// The terminal.
    private(set) var terminal: String?

    private static let knownFlags =
        UInt32(LSEC_REQUEST_ALLOW_NO_FACTOR) | UInt32(LSEC_REQUEST_FRESH) | UInt32(LSEC_REQUEST_CONFIRMATION)

    /// Reads a request; NULL is LSEC_REQUEST_INIT.
    init(_ pointer: UnsafePointer<lsec_request>?) throws(Failure) {
        guard let pointer = unsafe pointer else { return }
        // SAFETY: the header demands a readable struct; its size is looked at before anything else of it.
        let size = unsafe pointer.pointee.size
        unsafe try Arguments.check(size: size, expected: MemoryLayout<lsec_request>.size, "request")
        let raw = unsafe pointer.pointee
        unsafe try readIdentity(raw)
        scope = try Request.scope(unsafe raw.factors)
        flags = unsafe raw.flags
        guard flags & ~Request.knownFlags == 0 else { throw .argument("request.flags has unknown bits") }
        guard unsafe raw.reserved == 0 else { throw .argument("request.reserved is not 0") }
        if unsafe raw.caller_uid != Int64(LSEC_UID_UNSET) {
            callerUID = try Request.uid(unsafe raw.caller_uid, "request.caller_uid")
            namesCaller = true
        }
        let limit = Int(LSEC_PLACE_MAX)
        remoteHost = unsafe try Arguments.optionalText(raw.remote_host, "request.remote_host", limit: limit)
        terminal = unsafe try Arguments.optionalText(raw.terminal, "request.terminal", limit: limit)
    }

    private mutating func readIdentity(_ raw: lsec_request) throws(Failure) {
        kind = unsafe raw.identity_kind
        let uid = unsafe raw.host_uid
        switch kind {
        case LSEC_IDENTITY_APPLICATION:
            guard uid == Int64(LSEC_UID_UNSET) else { throw .argument("request.host_uid is for LSEC_IDENTITY_HOST") }
        case LSEC_IDENTITY_HOST:
            if uid == Int64(LSEC_UID_NONE) { return }
            hostUID = Int64(try Request.uid(uid, "request.host_uid"))
        default:
            throw .argument("request.identity_kind is unknown")
        }
    }

    private static func uid(_ value: Int64, _ name: String) throws(Failure) -> UInt32 {
        guard let uid = UInt32(exactly: value) else { throw .argument("\(name) is no uid") }
        return uid
    }

    private static func scope(_ factors: lsec_factors) throws(Failure) -> FactorScope {
        switch factors {
        case LSEC_FACTORS_ALL: return .all
        case LSEC_FACTORS_PASSWORD: return .password
        case LSEC_FACTORS_CODE: return .code
        default: throw .argument("request.factors is unknown")
        }
    }

    /// The same request for one kind of evidence.
    func narrowed(to scope: FactorScope) throws(Failure) -> Request {
        guard self.scope == .all else { throw .argument("request.factors must be LSEC_FACTORS_ALL here") }
        guard flags & ~UInt32(LSEC_REQUEST_CONFIRMATION) == 0 else {
            throw .argument("request.flags may only be LSEC_REQUEST_CONFIRMATION here")
        }
        var request = self
        request.scope = scope
        return request
    }

    /// The identity as it is looked up.
    func identity(_ name: String) -> LoginIdentity {
        kind == LSEC_IDENTITY_HOST ? .host(name: name, isSuperuser: hostUID == 0) : .application(name)
    }

    /// The core's form of the request.
    func login(_ name: String) -> LoginRequest {
        let place = LoginPlace(
            remoteHost: remoteHost, terminal: terminal, caller: callerUID,
            account: hostUID.flatMap { UInt32(exactly: $0) })
        let isLocal = namesCaller && remoteHost?.isEmpty != false
        let origin = isLocal ? Origin(localUser: callerUID) : place.origin
        var login = LoginRequest(identity: identity(name), origin: origin)
        login.scope = scope
        login.allowsNoFactor = has(LSEC_REQUEST_ALLOW_NO_FACTOR)
        login.purpose = has(LSEC_REQUEST_CONFIRMATION) ? .confirmation : .login
        if has(LSEC_REQUEST_FRESH) { login.freshPlace = FreshPlace(uid: callerUID, terminal: terminal ?? "") }
        return login
    }

    private func has(_ flag: UInt32) -> Bool { flags & flag != 0 }
}
