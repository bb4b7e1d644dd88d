// The header from C++: names are C's, enums are types, initialisers work.
#include <libsecurity.h>

#include <cstring>

int main()
{
    lsec_request request = LSEC_REQUEST_INIT;
    lsec_account account = LSEC_ACCOUNT_INIT;
    lsec_freshness session = LSEC_FRESHNESS_INIT;
    lsec_new_password password = LSEC_NEW_PASSWORD_INIT;
    lsec_context *context = nullptr;
    const lsec_result result = lsec_password_verify(context, "ann", "x", 1, &request, nullptr);

    return result == LSEC_ERR_ARGUMENT && std::strcmp(lsec_version(), LSEC_VERSION) == 0 && account.id == 0
            && session.authenticated_at == LSEC_TIME_NONE && password.password == nullptr
        ? 0
        : 1;
}
