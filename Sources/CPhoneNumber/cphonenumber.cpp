// C++, because libphonenumber is. For securityctl and securityd; never in what a login process loads.
#include "cphonenumber.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

int cphonenumber_e164(const char *text, size_t length, const char *region, char *out, size_t capacity) {
    try {
        const PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
        PhoneNumber number;
        if (util->Parse(std::string(text, length), region, &number) != PhoneNumberUtil::NO_PARSING_ERROR) return 0;
        if (!util->IsValidNumber(number)) return 0;
        std::string form;
        util->Format(number, PhoneNumberUtil::E164, &form);
        if (form.size() >= capacity) return 0;
        std::memcpy(out, form.c_str(), form.size() + 1);
        return 1;
    } catch (...) {
        return 0;
    }
}
