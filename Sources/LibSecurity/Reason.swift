import CLibSecurity
import SecurityCore

extension lsec_reason {
    /// The header's number of a reason; its word is the core's raw value, see lsec_reason_string().
    init(_ reason: DenialReason) {
        switch reason {
        case .unknownAccount: self = LSEC_REASON_UNKNOWN_ACCOUNT
        case .ambiguousAccount: self = LSEC_REASON_AMBIGUOUS_ACCOUNT
        case .superuser: self = LSEC_REASON_SUPERUSER
        case .inactive: self = LSEC_REASON_INACTIVE
        case .unconfirmed: self = LSEC_REASON_UNCONFIRMED
        case .notAdmitted: self = LSEC_REASON_NOT_ADMITTED
        case .noPassword: self = LSEC_REASON_NO_PASSWORD
        case .wrongPassword: self = LSEC_REASON_WRONG_PASSWORD
        case .unusablePassword: self = LSEC_REASON_UNUSABLE_PASSWORD
        case .wrongCode: self = LSEC_REASON_WRONG_CODE
        case .usedCode: self = LSEC_REASON_USED_CODE
        case .notACode: self = LSEC_REASON_NOT_A_CODE
        case .unusableFactor: self = LSEC_REASON_UNUSABLE_FACTOR
        case .noUsableFactor: self = LSEC_REASON_NO_USABLE_FACTOR
        case .noFactor: self = LSEC_REASON_NO_FACTOR
        case .throttled: self = LSEC_REASON_THROTTLED
        case .exhausted: self = LSEC_REASON_TOO_MANY_FAILURES
        case .dummyAnswer: self = LSEC_REASON_DUMMY_ANSWER
        }
    }
}
