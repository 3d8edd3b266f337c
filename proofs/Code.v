(** The checker, for any implementation of the integers: the code alone. *)
From Coq Require Import Reals Lra Lia List ZArith Binomial Bool.
From OneHalf Require Import Statement Algorithm Probability Theorem1 Pieces Network Errors Training Certificate.
Import ListNotations.

Module Type INTS.
  Parameter t : Type.
  Parameter of_Z : Z -> t.
  Parameter to_Z : t -> Z.
  Parameters add sub mul max : t -> t -> t.
  Parameter leb : t -> t -> bool.
  Axiom of_spec : forall z, to_Z (of_Z z) = z.
  Axiom add_spec : forall x y, to_Z (add x y) = (to_Z x + to_Z y)%Z.
  Axiom sub_spec : forall x y, to_Z (sub x y) = (to_Z x - to_Z y)%Z.
  Axiom mul_spec : forall x y, to_Z (mul x y) = (to_Z x * to_Z y)%Z.
  Axiom max_spec : forall x y, to_Z (max x y) = Z.max (to_Z x) (to_Z y).
  Axiom leb_spec : forall x y, leb x y = Z.leb (to_Z x) (to_Z y).
End INTS.

Module Code (T : INTS).
  Notation int := T.t.
  Local Infix "+!" := T.add (at level 50, left associativity).
  Local Infix "-!" := T.sub (at level 50, left associativity).
  Local Infix "*!" := T.mul (at level 40, left associativity).

  (** * Evaluation over common denominators *)
  Definition dot (n : list int * int) (D : int) (x : list int) : int :=
    fold_right (fun wv s => fst wv *! snd wv +! s) (snd n *! D) (combine (fst n) x).
  Definition zero := T.of_Z 0.
  Definition step (l : int * list (list int * int)) (x : int * list int) : int * list int :=
    (fst l *! fst x, map (fun n => T.max (dot n (fst x) (snd x)) zero) (snd l)).
  Definition value (phi : list (int * list (list int * int)) * (int * (list int * int))) (x : int * list int) : int * int :=
    let y := fold_left (fun x l => step l x) (fst phi) x in
    (fst (snd phi) *! fst y, dot (snd (snd phi)) (fst y) (snd y)).

  Definition of_neuron (n : list Z * Z) := (map T.of_Z (fst n), T.of_Z (snd n)).
  Definition of_net (phi : net) :=
    (map (fun l => (T.of_Z (fst l), map of_neuron (snd l))) (fst phi), (T.of_Z (fst (snd phi)), of_neuron (snd (snd phi)))).

  (** The points, each as a denominator and its coordinates over it. *)
  Definition big_x1 (c : certificate) (k : nat) : Z * Z := (* x_1 = fst / snd *)
    (fst (a c) * snd (kappa c), snd (a c) * ((Z.of_nat k + 2) * snd (kappa c) - fst (kappa c)))%Z.
  Definition high (j : input) (k : nat) : bool := match j with One => label k | Two => negb (label k) | Zero => false end.
  Definition coordinates (c : certificate) (j : input) (k : nat) : Z * list Z :=
    let (n, d) := big_x1 c k in
    let p := (2 ^ Z.of_nat (exponent c))%Z in
    ((d * p)%Z, (n * p)%Z :: (if high j k then d else 0%Z) :: repeat 0%Z (dim c - 2)).
  Definition table (c : certificate) (j : input) : list ((int * list int) * bool) :=
    map (fun k => let (D, x) := coordinates c j k in ((T.of_Z D, map T.of_Z x), label k)) (seq 0 (points c)).

  Definition near (tol : int * int) (v : int * int) (l : bool) : bool :=
    let e := if l then snd v -! fst v else snd v in
    let m := fst tol *! fst v in let s := snd tol *! e in
    T.leb s m && T.leb (zero -! m) s.

  Fixpoint fits (d : nat) (N : list nat) (hidden : list neurons) (out : Z * (list Z * Z)) : bool :=
    match N, hidden with
    | [], [] => Nat.eqb (length (fst (snd out))) d
    | n :: N', l :: hidden' => Nat.eqb (length (snd l)) n
        && forallb (fun u => Nat.eqb (length (fst u)) d) (snd l) && fits n N' hidden' out
    | _, _ => false
    end.
  Definition well_formed (phi : net) : bool := forallb (fun l => Z.ltb 0 (fst l)) (fst phi) && Z.ltb 0 (fst (snd phi)).

  Definition judge (N : list nat) (d : nat) (tol : int * int) (tables : list ((int * list int) * bool) * list ((int * list int) * bool)) (phi : net) : bool * bool :=
    if fits d N (fst phi) (snd phi) then
      let big := of_net phi in
      let ok := forallb (fun xl => near tol (value big (fst xl)) (snd xl)) in
      (ok (fst tables), ok (snd tables))
    else (false, false).

  (** * The checks *)
  Definition positive (q : rational) := Z.ltb 0 (snd q).
  Definition between (p q r : rational) := Z.leb (fst p * snd q) (fst q * snd p) && Z.leb (fst q * snd r) (fst r * snd q).

  Definition check_parameters (c : certificate) : bool :=
    positive (a c) && positive (kappa c) && positive (tol c) && positive (alpha c)
    && between (1, 2)%Z (a c) (1, 1)%Z && between (1, 4)%Z (kappa c) (3, 4)%Z
    && Z.ltb 0 (fst (tol c)) && Z.ltb (2 * fst (tol c)) (snd (tol c))
    && Nat.leb 2 (dim c) && negb (match hidden c with [] => true | _ => false end) && forallb (Nat.ltb 0) (hidden c)
    && Nat.leb (P (hidden c) + 2) (points c).

  (** |m/2^s - u/v| <= 2^-n *)
  Definition close (q : answer) (u : Z * Z) (n : nat) : bool :=
    let b := (2 ^ Z.of_nat n)%Z in let p := (2 ^ Z.of_nat (snd q))%Z in
    let far := T.of_Z b *! (T.of_Z (fst q) *! T.of_Z (snd u) -! T.of_Z (fst u) *! T.of_Z p) in
    let most := T.of_Z (snd u) *! T.of_Z p in
    T.leb far most && T.leb (zero -! most) far.
  Definition same (q1 q2 : answer) : bool :=
    Z.eqb (fst q1 * 2 ^ Z.of_nat (snd q2)) (fst q2 * 2 ^ Z.of_nat (snd q1)).
  Definition truth (c : certificate) (j : input) (kc : nat * nat) : Z * Z :=
    let (D, x) := coordinates c j (fst kc) in (nth (snd kc) x 0%Z, D).
  Definition check_answer (c : certificate) (x : question * (answer * answer)) : bool :=
    let '((k, col, n), (q1, q2)) := x in
    close q1 (truth c One (k, col)) n && close q2 (truth c Two (k, col)) n && (Nat.ltb (depth c) n || same q1 q2).

  Definition question_eqb (p q : question) : bool :=
    let '(k, col, n) := p in let '(k', col', n') := q in Nat.eqb k k' && Nat.eqb col col' && Nat.eqb n n'.
  Definition alike (c : certificate) (q : question) : bool :=
    existsb (fun x => question_eqb q (fst x) && same (fst (snd x)) (snd (snd x))) (answers c).

  Definition check_trial (made : list (bool * bool)) (alike : list bool) (t : trial) : bool :=
    let ok i := match i with Some i => nth i made (false, false) | None => (false, false) end in
    match t with
    | Shared r => eqb (right1 r) (fst (ok (output r))) && eqb (right2 r) (snd (ok (output r)))
        && match asked r with Some g => nth g alike true | None => true end
    | Apart r1 r2 => eqb (right1 r1) (fst (ok (output r1))) && eqb (right2 r2) (snd (ok (output r2)))
    end.

  Fixpoint factorial (n : nat) : int := match n with O => T.of_Z 1 | S m => T.of_Z (Z.of_nat n) *! factorial m end.
  Fixpoint power (x : int) (n : nat) : int :=
    match n with O => T.of_Z 1 | S m => x *! power x m end.
  Definition check_upper (alpha : rational) (n s : nat) (h : Z) : bool :=
    if Nat.eqb s n then Z.eqb h 1000000
    else
      let stat (h : Z) := T.of_Z (Z.of_nat (n + 1)) *! factorial n *! power (T.of_Z h) s *! power (T.of_Z (1000000 - h)) (n - s) *! T.of_Z (snd alpha) in
      let level := T.of_Z (fst alpha) *! factorial s *! factorial (n - s) *! power (T.of_Z 1000000) n in
      Nat.ltb s n && Z.ltb (Z.of_nat s * 1000000) (h * Z.of_nat n) && Z.leb h 1000000
      && T.leb (stat h) level && negb (T.leb (stat (h - 1)%Z) level).
  Definition check_limits (alpha : rational) (n s : nat) (l : Z * Z) : bool :=
    check_upper alpha n s (snd l) && check_upper alpha n (n - s) (1000000 - fst l) && Nat.leb s n.

  Definition check (c : certificate) : bool :=
    let tol := (T.of_Z (fst (tol c)), T.of_Z (snd (tol c))) in
    let tables := (table c One, table c Two) in
    let made := map (judge (hidden c) (dim c) tol tables) (outputs c) in
    let like := map (forallb (alike c)) (questions c) in
    let n := length (trials c) in
    check_parameters c
    && forallb well_formed (outputs c)
    && forallb (check_answer c) (answers c)
    && forallb (check_trial made like) (trials c)
    && Nat.eqb (count (right One) (trials c)) (successes1 c)
    && Nat.eqb (count (right Two) (trials c)) (successes2 c)
    && Nat.eqb (count apart (trials c)) (spent c)
    && check_limits (alpha c) n (successes1 c) (limits1 c)
    && check_limits (alpha c) n (successes2 c) (limits2 c)
    && check_limits (alpha c) n (spent c) (limits_spent c).

End Code.
