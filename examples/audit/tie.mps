* docs/theory.md, section 6, with e = 30: minimise x1 + x2 subject to x1 + (1 - 2^-30) x2 = 1.
NAME TIE
ROWS
 N COST
 E R
COLUMNS
 X1 COST 1 R 1
 X2 COST 1 R 0.999999999068677425384521484375
RHS
 RHS R 1
ENDATA
