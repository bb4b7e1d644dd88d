#ifndef CTOML_H
#define CTOML_H
int ctoml_x(void);
#endif
