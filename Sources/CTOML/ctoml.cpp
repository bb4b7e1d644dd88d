#include "ctoml.h"
int ctoml_x(void){return 0;}
