public import SecurityCore

/// The range API of Have I Been Pwned, or a mirror of it (LIBSECURITY_BREACHED_URL).
///
/// The service learns the first five hexadecimal digits of the password's SHA-1, which hundreds of known passwords share, and
/// never the password or its hash (k-anonymity). `Add-Padding` keeps the length of the answer from telling the range to who
/// listens. https://haveibeenpwned.com/API/v3#PwnedPasswords
public final class RangeService: BreachedPasswords {
    /// Digits that the service is told.
    private static let prefixLength = RangeAnswer.prefixLength
    private let url: String
    private let limits: HTTPRequest.Limits
    private let authorities: String?

    /// The service of a policy. Nothing is sent before a password is looked up.
    public convenience init(_ policy: BreachedPolicy) {
        self.init(url: policy.service)
    }

    init(url: String, limits: HTTPRequest.Limits = HTTPRequest.Limits(), authorities: String? = nil) {
        self.url = url
        self.limits = limits
        self.authorities = authorities
    }

    /// See ``BreachedPasswords/count(of:)``. Waits for the answer, 10 seconds at most.
    public func count(of password: Span<UInt8>) throws(BreachedError) -> Int {
        let hash = PasswordHash(of: password)
        var request = HTTPRequest(url: url + RangeAnswer.prefix(of: hash), headers: ["Add-Padding: true"])
        request.limits = limits
        request.authorities = authorities
        let answer: HTTPRequest.Answer
        do throws(HTTPRequest.Failure) {
            answer = try request.send()
        } catch {
            switch error {
            case .transport(let reason): throw .unreachable(reason: reason)
            case .tooLong: throw .answerTooLong
            }
        }
        guard answer.status == 200 else { throw .status(answer.status) }
        return try RangeAnswer.count(of: hash, in: answer.body)
    }
}
