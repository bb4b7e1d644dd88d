import CLibSecurity
import SecurityCore

/// A login that asks for one kind of evidence, in one call: the same driver, counts and records as a transaction.
struct SingleCheck {
    private let login: Authentication

    init(
        _ context: Context, _ identity: UnsafePointer<CChar>?, _ request: UnsafePointer<lsec_request>?,
        _ scope: FactorScope
    ) throws(Failure) {
        let name = unsafe try Arguments.text(identity, "identity", limit: Int(LSEC_IDENTITY_MAX))
        let request = unsafe try Request(request).narrowed(to: scope)
        login = Authentication(
            policy: context.policy, store: try context.openStore(), environment: context.environment,
            request: request.login(name))
    }

    /// The answer to a C program; the reason of a refusal is written to `reason`, which may be NULL.
    func result(
        of evidence: borrowing Secret, _ reason: UnsafeMutablePointer<lsec_reason>?
    ) throws(Failure) -> lsec_result {
        switch try step(evidence) {
        case .granted:
            return LSEC_OK
        case .denied(let refusal):
            unsafe reason?.pointee = lsec_reason(refusal)
            return LSEC_REFUSED
        case .ask, .ignored:
            throw Failure(LSEC_ERR_STATE, "the policy asks for more than was presented")
        }
    }

    private func step(_ evidence: borrowing Secret) throws(Failure) -> Step {
        do throws(AuthenticationError) {
            let first = try login.begin()
            guard case .ask = first else { return first }
            return try login.answer(evidence)
        } catch {
            throw Failure(error)
        }
    }
}

extension Secret {
    /// Whether it has the form of a one-time code.
    var isTOTP: Bool {
        withBytes { bytes in
            switch TypedCode(bytes) {
            case .totp: true
            case .recovery: false
            case .neither: false
            }
        }
    }

    /// Whether it has the form of a recovery code.
    var isRecoveryCode: Bool {
        withBytes { bytes in
            switch TypedCode(bytes) {
            case .recovery: true
            case .totp: false
            case .neither: false
            }
        }
    }
}

extension Freshness.Session {
    /// What the header's struct says.
    init(_ session: lsec_freshness) {
        // LSEC_TIME_NONE.
        let none = Int64.min
        self.init(
            authenticatedAt: session.authenticated_at == none ? nil : Instant(seconds: session.authenticated_at),
            graceEndSeconds: session.grace_until == none ? nil : session.grace_until)
    }
}
